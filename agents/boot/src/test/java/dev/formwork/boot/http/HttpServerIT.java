package dev.formwork.boot.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.DirectorySource;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The JDK's client, and bare sockets, against a real server on loopback.
final class HttpServerIT {
    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
    private static final int LARGE = 40 << 20;

    @TempDir private Path folder;
    private final byte[] content = new byte[300_001];
    private HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HttpServerIT() {
        new Random(1).nextBytes(content);
    }

    @BeforeEach
    void start() throws IOException {
        Files.write(folder.resolve("kernel"), content);
        Files.write(folder.resolve("large"), new byte[LARGE]);
        ContentSource rendered =
                asked ->
                        switch (asked.path()) {
                            case "boot.ipxe" ->
                                    Optional.of(
                                            new Content.Rendered(
                                                    Octets.ofText(
                                                            "#!ipxe "
                                                                    + asked.query()
                                                                    + asked.server())));
                            case "broken" ->
                                    throw ProblemException.of(
                                            "artifact.wrong-digest", "not as it should be", null);
                            default -> Optional.empty();
                        };
        server =
                HttpServer.open(
                        LOOPBACK,
                        0,
                        ContentSource.firstOf(List.of(rendered, new DirectorySource(folder))),
                        64);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void servesFilesAndRenderedText() throws Exception {
        assertThat(get("/kernel").body()).isEqualTo(content);
        assertThat(new String(get("/boot.ipxe?mac=1").body(), StandardCharsets.UTF_8))
                .isEqualTo("#!ipxe mac=1127.0.0.1:" + server.port());
        assertThat(get("/large").body()).hasSize(LARGE);
    }

    @Test
    void servesParts() throws Exception {
        HttpResponse<byte[]> part = get("/kernel", "Range", "bytes=1000-1999");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 1000-1999/300001");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 1000, 2000));
        assertThat(get("/kernel", "Range", "bytes=-5").body())
                .isEqualTo(Arrays.copyOfRange(content, 299_996, 300_001));
        assertThat(get("/boot.ipxe", "Range", "bytes=2-5").body())
                .isEqualTo("ipxe".getBytes(StandardCharsets.UTF_8));
        assertThat(get("/kernel", "Range", "bytes=300001-").statusCode()).isEqualTo(416);
    }

    @Test
    void tellsTheSizeWithoutTheContent() throws Exception {
        HttpResponse<byte[]> head =
                client.send(
                        HttpRequest.newBuilder(uri("/kernel")).HEAD().build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(300_001);
        assertThat(head.headers().firstValue("Accept-Ranges")).contains("bytes");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void saysWhyThereIsNoAnswer() throws Exception {
        assertThat(get("/none").statusCode()).isEqualTo(404);
        assertThat(get("/%2e%2e/etc/passwd").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> broken = get("/broken");
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(new String(broken.body(), StandardCharsets.UTF_8))
                .isEqualTo("artifact.wrong-digest: not as it should be\n");
        assertThat(raw("POST /kernel HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
                .startsWith("HTTP/1.1 405 ");
        assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /" + "x".repeat(9000))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void answersRequestsThatComeTogetherInTurn() throws IOException {
        String head = "GET /boot.ipxe?a HTTP/1.1\r\n\r\n";

        String answers = raw(head + head + "GET /none HTTP/1.1\r\nConnection: close\r\n\r\n");

        assertThat(answers).containsSubsequence("200 OK", "#!ipxe a", "200 OK", "404 Not Found");
    }

    /// A client that takes nothing may hold up nobody, however few cores there are.
    @Test
    void servesOthersWhileSomeTakeNothing() throws Exception {
        List<Socket> lazy = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                lazy.add(socket);
                socket.getOutputStream()
                        .write("GET /large HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }

            assertThat(get("/kernel").body()).isEqualTo(content);
        } finally {
            for (Socket socket : lazy) {
                socket.close();
            }
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
