package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Response;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Calls the place, again where that may help. Thread-safe.
final class AwsCalls implements AutoCloseable {
    /// How much one answer lists, where there may be more: without saying so one asks for all at
    /// once, which EC2 refuses where it is too much.
    static final int PAGE = 500;

    private final String provider;
    private final AwsClients clients;
    private final Retries retries;
    private final Duration patience;
    private volatile boolean closed;

    /// @param clients owned
    AwsCalls(String provider, AwsClients clients, Retries retries, Duration patience) {
        this.provider = provider;
        this.clients = clients;
        this.retries = retries;
        this.patience = patience;
    }

    /// To be said at the beginning of an operation.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.closed`, `provider.interrupted`
    void begin() {
        requireOpen();
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "repeat it to go on");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
    }

    /// One call of EC2.
    ///
    /// @param what it is to do, for people: "look at instance i-1"
    /// @throws dev.formwork.model.ProblemException as [AwsFailure] says
    <T extends Ec2Response> T ec2(String what, Function<Ec2Client, T> request) {
        return ec2Where(what, client -> Optional.of(request.apply(client))).orElseThrow();
    }

    /// One call of EC2 with a refusal that is an answer too: then the request gives nothing.
    <T extends Ec2Response> Optional<T> ec2Where(
            String what, Function<Ec2Client, Optional<T>> request) {
        return retries.call(() -> {
            requireOpen();
            try {
                Optional<T> answer = mended(() -> request.apply(clients.ec2()));
                answer.ifPresent(each -> requireRealAnswer(what, each));
                return answer;
            } catch (SdkException failed) {
                throw AwsFailure.problem(what, failed);
            }
        });
    }

    /// Makes a call, and once more where the first one changes what the second is signed with.
    /// Where this host's clock is wrong the SDK notes by how much, and signs the next request with
    /// the right time. Where the credentials have ended there may be new ones.
    private <T> T mended(Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException refused) {
            boolean isOfCredentials = AwsFailure.isOfEndedCredentials(refused);
            if (!isOfCredentials && !refused.isClockSkewException()) {
                throw refused;
            }
            if (isOfCredentials) {
                clients.renewCredentials();
            }
            return call.get();
        }
    }

    /// The SDK takes any document for an answer, one of a proxy in between too, in which then there
    /// are no instances. Only EC2 numbers its answers.
    private static void requireRealAnswer(String what, Ec2Response answer) {
        String id = answer.responseMetadata().requestId();
        if (id == null || id.isEmpty() || id.equals("UNKNOWN")) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "what was answered to the request to %s is not from EC2".formatted(what),
                    "is there something else at the endpoint?");
        }
    }

    /// The value of a parameter of Systems Manager.
    String parameter(String name) {
        String what = "read parameter " + Names.abbreviate(name);
        return retries.call(() -> {
            requireOpen();
            try {
                return mended(() -> clients.parameters().value(name));
            } catch (SdkException failed) {
                throw AwsFailure.problem(what, failed);
            }
        });
    }

    /// Looks until there is something to see, for as long as is configured.
    ///
    /// @param what "instance i-1 is off"
    /// @throws dev.formwork.model.ProblemException `provider.timeout`
    <T> T await(String what, Supplier<Optional<T>> look) {
        return retries.await(what, patience, look);
    }

    @Override
    public void close() {
        closed = true;
        clients.close();
    }

    /// Goes through all pages of an answer.
    ///
    /// @param page asks for one by the token that the one before gave; the first has null
    /// @param token of an answer, for the next page; null or empty behind the last
    static <P> List<P> pages(
            Function<@Nullable String, P> page, Function<P, @Nullable String> token) {
        List<P> all = new ArrayList<>();
        @Nullable String next = null;
        do {
            P answer = page.apply(next);
            all.add(answer);
            next = token.apply(answer);
        } while (next != null && !next.isEmpty());
        return all;
    }
}
