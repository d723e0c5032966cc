package dev.formwork.server.shard;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/// Passes requests on to other engines, with the words of whoever made them. Thread-safe.
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /// Longer than any poll is held.
    private static final Duration ANSWER = Duration.ofSeconds(90);

    /// Longer than a plan waits for its checks.
    private static final Duration PLAN = Duration.ofMinutes(10);

    /// How often it is looked whether the other engine still counts as living.
    private static final Duration LOOK = Duration.ofMillis(250);

    /// Of the connection, not of the request (RFC 9110, 7.6.1), and what the client sets itself.
    private static final Set<String> NOT_PASSED_ON =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings");

    private final HttpClient http = client().build();
    private final Supplier<SSLContext> trust;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<HttpClient> https = Optional.empty();

    /// @param trust of the engines that are called by TLS
    Forwarding(Supplier<SSLContext> trust) {
        this.trust = trust;
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    }

    private HttpClient clientFor(URI engine) {
        if (!"https".equals(engine.getScheme())) {
            return http;
        }
        lock.lock();
        try {
            if (https.isEmpty()) {
                https = Optional.of(client().sslContext(trust.get()).build());
            }
            return https.get();
        } finally {
            lock.unlock();
        }
    }

    /// What came of it.
    sealed interface Outcome {
        record Answered(HttpResponse<byte[]> answer) implements Outcome {}

        /// The other engine has certainly not taken it, or asking again does no harm.
        record NotReached() implements Outcome {}

        /// The other engine may have taken it.
        record Lost(String why) implements Outcome {}
    }

    /// @param isLiving whether that engine counts as living: nothing is waited for from one that
    ///   hangs when others have taken over
    Outcome send(URI engine, HttpRequest<?> request, BooleanSupplier isLiving) {
        java.net.http.HttpRequest.Builder next =
                java.net.http.HttpRequest.newBuilder(
                                engine.resolve(
                                        request.getUri().getRawPath()
                                                + (request.getUri().getRawQuery() == null
                                                        ? ""
                                                        : "?" + request.getUri().getRawQuery())))
                        .timeout(longest(request))
                        .method(
                                request.getMethodName(),
                                request.getBody(byte[].class)
                                        .filter(body -> body.length > 0)
                                        .map(BodyPublishers::ofByteArray)
                                        .orElseGet(BodyPublishers::noBody));
        request.getHeaders()
                .forEach((name, values) -> {
                    if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> next.header(name, value));
                    }
                });
        next.header(Peers.PASSED_ON, Peers.cameByTls(request) ? "https" : "http");
        CompletableFuture<java.net.http.HttpResponse<byte[]>> answer =
                clientFor(engine).sendAsync(next.build(), BodyHandlers.ofByteArray());
        try {
            return new Outcome.Answered(copy(awaited(answer, isLiving)));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SSLHandshakeException stranger) {
                LOG.warn("{} is not an engine of this store: {}", engine, stranger.getMessage());
                return new Outcome.NotReached();
            }
            return e.getCause() instanceof ConnectException
                    ? new Outcome.NotReached()
                    : lost(request, String.valueOf(e.getCause()));
        } catch (CancellationException e) {
            return lost(request, "others have taken over from it");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Outcome.Lost("this engine is stopping");
        }
    }

    private static <T> T awaited(CompletableFuture<T> answer, BooleanSupplier isLiving)
            throws ExecutionException, InterruptedException {
        while (true) {
            try {
                return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (!isLiving.getAsBoolean()) {
                    answer.cancel(true);
                }
            }
        }
    }

    private static Outcome lost(HttpRequest<?> request, String why) {
        return mayBeRepeated(request) ? new Outcome.NotReached() : new Outcome.Lost(why);
    }

    static Duration longest(HttpRequest<?> request) {
        return request.getPath().equals("/api/v1/plans") ? PLAN : ANSWER;
    }

    /// What agents say is known by its job, token, phase and offset, and harmless twice.
    private static boolean mayBeRepeated(HttpRequest<?> request) {
        return request.getMethodName().equals("GET") || request.getPath().startsWith("/agent/v1/");
    }

    private static HttpResponse<byte[]> copy(java.net.http.HttpResponse<byte[]> answer) {
        MutableHttpResponse<byte[]> copy =
                HttpResponse.<byte[]>status(HttpStatus.valueOf(answer.statusCode()))
                        .body(answer.body());
        answer.headers()
                .map()
                .forEach((name, values) -> {
                    if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))
                            && !name.startsWith(":")
                            && !name.equalsIgnoreCase("date")) {
                        values.forEach(value -> copy.header(name, value));
                    }
                });
        return copy;
    }
}
