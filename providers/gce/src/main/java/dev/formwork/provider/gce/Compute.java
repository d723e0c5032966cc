package dev.formwork.provider.gce;

import com.google.api.client.http.HttpTransport;
import com.google.api.core.ApiFuture;
import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.httpjson.HttpJsonCallContext;
import com.google.api.gax.rpc.ClientContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.compute.v1.stub.DisksStub;
import com.google.cloud.compute.v1.stub.HttpJsonDisksStub;
import com.google.cloud.compute.v1.stub.HttpJsonInstanceTemplatesStub;
import com.google.cloud.compute.v1.stub.HttpJsonInstancesStub;
import com.google.cloud.compute.v1.stub.HttpJsonZoneOperationsStub;
import com.google.cloud.compute.v1.stub.InstanceTemplatesStub;
import com.google.cloud.compute.v1.stub.InstancesStub;
import com.google.cloud.compute.v1.stub.ZoneOperationsStub;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;
import dev.formwork.provider.gce.GceSettings.Login;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Google's API, spoken through its own library. It is connected to at the first call, since the
/// credentials may be where nothing answers yet. Thread-safe.
///
/// Of the library only single calls are used: its retries are off, so that [Retries] alone decides,
/// and a caller that is interrupted does not wait on.
final class Compute implements AutoCloseable {
    private static final List<String> SCOPES =
            List.of("https://www.googleapis.com/auth/cloud-platform");

    private final String provider;
    private final GceSettings settings;
    private final HttpTransport transport;
    private final Retries retries;
    private final Clock clock;
    private final ExecutorService calls =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gce-", 0).factory());
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("gce-timer").factory());

    private @Nullable Connection connection;
    private boolean closed;

    Compute(
            String provider,
            GceSettings settings,
            HttpTransport transport,
            Retries retries,
            Clock clock) {
        this.provider = provider;
        this.settings = settings;
        this.transport = transport;
        this.retries = retries;
        this.clock = clock;
    }

    /// What calls go through.
    ///
    /// @param project whose instances are meant
    record Connection(
            String project,
            Optional<GoogleCredentials> credentials,
            InstancesStub instances,
            DisksStub disks,
            InstanceTemplatesStub templates,
            ZoneOperationsStub operations,
            List<BackgroundResource> resources) {
        void close() {
            resources.forEach(BackgroundResource::shutdownNow);
        }
    }

    /// Makes a call, and again where that may help.
    ///
    /// @throws dev.formwork.model.ProblemException as [Refusals] has it
    <Q, A> A call(Function<Connection, UnaryCallable<Q, A>> method, Function<String, Q> request) {
        return retries.call(() -> once(method, request));
    }

    /// Makes a call, once: for what [Retries] calls itself.
    ///
    /// @param request made with the name of the project
    <Q, A> A once(Function<Connection, UnaryCallable<Q, A>> method, Function<String, Q> request) {
        Connection open = connected();
        ApiFuture<A> answer =
                method.apply(open)
                        .futureCall(
                                request.apply(open.project()),
                                HttpJsonCallContext.createDefault()
                                        .withRetryableCodes(Set.of())
                                        .withTimeoutDuration(settings.answer()));
        try {
            return answer.get(settings.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException cancelled) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "repeat it to go on", cancelled);
        } catch (TimeoutException | CancellationException late) {
            answer.cancel(true);
            requireOpen();
            forgetWithoutToken(open);
            throw ProviderCode.TIMEOUT.problem(
                    "Google did not answer in %d s".formatted(settings.answer().toSeconds()),
                    "it may have done it",
                    late);
        } catch (ExecutionException failed) {
            requireOpen();
            forgetWithoutToken(open);
            throw Refusals.of(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    Retries retries() {
        return retries;
    }

    synchronized void requireOpen() {
        if (closed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
    }

    private synchronized Connection connected() {
        requireOpen();
        if (connection == null) {
            try {
                connection = connect();
            } catch (IOException failed) {
                throw ProviderCode.CREDENTIALS.problem(
                        "there are no credentials: " + failed.getMessage(),
                        "see credentials_file and docs/providers.md",
                        failed);
            }
        }
        return connection;
    }

    /// Whoever needs a token joins whoever waits for one already: where that one waits in vain, the
    /// next call is to ask anew; and to read the credentials anew, which may be mended.
    private void forgetWithoutToken(Connection open) {
        AccessToken token = open.credentials().map(GoogleCredentials::getAccessToken).orElse(null);
        boolean hasOne =
                open.credentials().isEmpty()
                        || (token != null
                                && (token.getExpirationTime() == null
                                        || token.getExpirationTime()
                                                .toInstant()
                                                .isAfter(clock.instant())));
        if (hasOne) {
            return;
        }
        synchronized (this) {
            if (open.equals(connection)) {
                connection = null;
            }
        }
        open.close();
    }

    private Connection connect() throws IOException {
        Optional<GoogleCredentials> credentials = credentials();
        @Nullable String project =
                settings.project()
                        .or(() -> credentials.map(GoogleCredentials::getProjectId))
                        .orElse(null);
        if (project == null) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "no project is said, and the credentials are of none",
                    "say project in the configuration of provider " + provider);
        }
        InstancesSettings.Builder builder = InstancesSettings.newBuilder();
        settings.endpoint().ifPresent(endpoint -> builder.setEndpoint(endpoint.toString()));
        builder.setCredentialsProvider(
                        credentials
                                .<CredentialsProvider>map(FixedCredentialsProvider::create)
                                .orElseGet(NoCredentialsProvider::create))
                .setBackgroundExecutorProvider(FixedExecutorProvider.create(timer))
                .setTransportChannelProvider(
                        InstancesSettings.defaultHttpJsonTransportProviderBuilder()
                                .setHttpTransport(transport)
                                .setExecutor(calls)
                                .build());
        ClientContext context = ClientContext.create(builder.build());
        return new Connection(
                project,
                credentials,
                HttpJsonInstancesStub.create(context),
                HttpJsonDisksStub.create(context),
                HttpJsonInstanceTemplatesStub.create(context),
                HttpJsonZoneOperationsStub.create(context),
                context.getBackgroundResources());
    }

    private Optional<GoogleCredentials> credentials() throws IOException {
        return switch (settings.credentials()) {
            case Login.None _ -> Optional.empty();
            case Login.ApplicationDefault _ ->
                    Optional.of(scoped(GoogleCredentials.getApplicationDefault(() -> transport)));
            case Login.FromFile(Path file) -> {
                try (InputStream in = Files.newInputStream(file)) {
                    yield Optional.of(scoped(GoogleCredentials.fromStream(in, () -> transport)));
                }
            }
        };
    }

    private static GoogleCredentials scoped(GoogleCredentials credentials) {
        return credentials.createWithCustomRetryStrategy(false).createScoped(SCOPES);
    }

    /// Calls that are under way are cut off.
    @Override
    public void close() {
        Connection open;
        synchronized (this) {
            closed = true;
            open = connection;
            connection = null;
        }
        if (open != null) {
            open.close();
        }
        timer.shutdownNow();
        calls.shutdownNow();
    }
}
