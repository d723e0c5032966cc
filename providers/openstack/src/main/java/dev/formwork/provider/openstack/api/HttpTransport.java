package dev.formwork.provider.openstack.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// HTTP by the JDK's own client.
public final class HttpTransport implements Transport, AutoCloseable {
    /// A page of a list is far smaller; an answer without an end must not fill the memory.
    private static final int MOST_BYTES = 64 << 20;

    private final HttpClient client;
    private final Duration patience;

    /// @param trusted with which the services' certificates are checked; empty is what Java trusts
    /// @param patience how long an answer may take
    public HttpTransport(Optional<SSLContext> trusted, Duration patience) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(patience);
        trusted.ifPresent(builder::sslContext);
        this.client = builder.build();
        this.patience = patience;
    }

    /// Trusts these certificates and no others.
    ///
    /// @param file in PEM, one or more
    public static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("no certificate in it");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Override
    public Answer send(Call call) throws IOException, InterruptedException {
        String body = call.body();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(call.uri())
                        .timeout(patience)
                        .method(
                                call.method(),
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        call.headers().forEach(request::header);
        HttpResponse<String> response = inTime(request.build());
        TreeMap<String, java.util.List<String>> headers = new TreeMap<>();
        response.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return new Answer(response.statusCode(), headers, response.body());
    }

    /// The client's own timeout ends with the headers of an answer: this is for all of it.
    private HttpResponse<String> inTime(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, boundedText());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("the answer has no end");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed);
        } finally {
            answer.cancel(true);
        }
    }

    private static BodyHandler<String> boundedText() {
        return info ->
                BodySubscribers.limiting(
                        BodySubscribers.ofString(StandardCharsets.UTF_8), MOST_BYTES);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
