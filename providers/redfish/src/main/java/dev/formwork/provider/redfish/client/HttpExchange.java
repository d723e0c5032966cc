package dev.formwork.provider.redfish.client;

import dev.formwork.provider.ProviderCode;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// HTTP/1.1 to many services, over one client. Each connection is checked against the [Trust] of
/// the service that it goes to. Follows no redirection.
///
/// Over plain HTTP a service is only spoken with on the loopback, where nobody can listen.
public final class HttpExchange implements Exchange, AutoCloseable {
    private final HttpClient client;

    /// @param trustOf by the service's host name or address and port, `bmc-7.example:443`
    public HttpExchange(Function<String, Trust> trustOf, Duration connect) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Checking(trustOf)}, new SecureRandom());
            client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(connect)
                            .sslContext(context)
                            .build();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no TLS", impossible);
        }
    }

    /// As [Trust] is asked for.
    public static String authority(URI service) {
        int port = service.getPort() < 0 ? 443 : service.getPort();
        return authority(service.getHost(), port);
    }

    private static String authority(String host, int port) {
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return plain + ":" + port;
    }

    @Override
    public Answer send(Call call) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(call.uri())
                        .timeout(call.patience())
                        .method(
                                call.method(),
                                call.body().isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(call.body()));
        call.headers().forEach(request::header);
        // Not `send`: its time limit ends with the headers, and a service could drip its body.
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            HttpResponse<byte[]> got =
                    answer.get(call.patience().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    got.statusCode(),
                    Map.copyOf(got.headers().map()),
                    new String(got.body(), StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted during " + call, "ask again under the same token");
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw timeout(call);
        } catch (ExecutionException failed) {
            throw problem(call, failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static RuntimeException timeout(Call call) {
        return ProviderCode.TIMEOUT.problem(
                "%s did not answer %s in %d s"
                        .formatted(call.uri().getAuthority(), call, call.patience().toSeconds()),
                "it may have done what was asked");
    }

    private static RuntimeException problem(Call call, Throwable failed) {
        String service = call.uri().getAuthority();
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof Trust.UntrustedException untrusted) {
                return RedfishCode.UNTRUSTED.problem(
                        "the certificate of %s with SHA-256 %s is not trusted: %s"
                                .formatted(
                                        service, untrusted.fingerprint(), untrusted.getMessage()),
                        "compare it with the controller's own display of it, then pin it as certificate_sha256");
            }
            if (each instanceof ConnectException) {
                break;
            }
            if (each instanceof HttpTimeoutException) {
                return timeout(call);
            }
        }
        if (isTooLong(failed)) {
            return RedfishCode.PROTOCOL.problem(
                    "the answer of %s to %s is longer than %d bytes"
                            .formatted(service, call, MOST_BYTES),
                    null);
        }
        String reason = failed instanceof IOException ? describe(failed) : failed.toString();
        return ProviderCode.UNAVAILABLE.problem(
                "%s cannot be reached for %s: %s".formatted(service, call, reason),
                "see the network and the controller",
                failed);
    }

    /// `BodyHandlers.limiting` says so in words only.
    private static boolean isTooLong(Throwable failed) {
        return String.valueOf(failed.getMessage()).contains("exceeds capacity");
    }

    private static String describe(Throwable failed) {
        String message = failed.getMessage();
        return message == null ? failed.getClass().getSimpleName() : Resource.clean(message);
    }

    /// Ends all connections.
    @Override
    public void close() {
        client.shutdownNow();
    }

    /// Asks the [Trust] of whom the connection goes to.
    private static final class Checking extends X509ExtendedTrustManager {
        private final Function<String, Trust> trustOf;

        private Checking(Function<String, Trust> trustOf) {
            this.trustOf = trustOf;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trustOf.apply(authority(engine.getPeerHost(), engine.getPeerPort()))
                    .check(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("only engines are used");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("only engines are used");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
