package dev.formwork.boot.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.formwork.boot.address.Cidr;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Artifacts that take longer than a machine waits.
final class FetchesIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir private Path folder;
    private final Semaphore slow = new Semaphore(0);
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private Fetches fetches;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    String path = exchange.getRequestURI().getPath();
                    if (path.startsWith("/slow")) {
                        slow.acquireUninterruptibly();
                    }
                    byte[] body = path.getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    try (var out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
        Destinations loopback = new Destinations(Set.of(), List.of(Cidr.parse("127.0.0.0/8")));
        fetches = new Fetches(new ArtifactCache(folder, 1 << 20, loopback));
    }

    @AfterEach
    void stop() {
        slow.release(100);
        fetches.close();
        server.stop(0);
    }

    private Artifact artifact(String path, String content) {
        try {
            byte[] octets = content.getBytes(StandardCharsets.US_ASCII);
            return new Artifact(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path),
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void goesOnFetchingWhenNobodyWaits() throws InterruptedException {
        List<Artifact> all = List.of(artifact("/slow", "/slow"), artifact("/quick", "/quick"));

        assertThat(fetches.areThere(all, Duration.ofMillis(1))).isFalse();
        assertThat(fetches.areThere(all, Duration.ofMillis(1))).isFalse();
        slow.release();
        assertThat(fetches.areThere(all, LONG)).isTrue();
        assertThat(fetches.areThere(all, Duration.ZERO)).isTrue();
        assertThat(asked).as("each once").hasValue(2);
    }

    @Test
    void saysAFailureWithoutTheOthersAndTriesAgain() throws InterruptedException {
        List<Artifact> all = List.of(artifact("/slow", "/slow"), artifact("/other", "/quick"));

        assertThatThrownBy(() -> fetches.areThere(all, Duration.ofSeconds(2)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("artifact.wrong-digest"));
        slow.release();
        assertThatThrownBy(() -> fetches.areThere(all, LONG)).isInstanceOf(ProblemException.class);
        assertThat(fetches.areThere(all.subList(0, 1), LONG)).isTrue();
    }

    @Test
    void manyAtOnceAreNotInEachOthersWay() throws InterruptedException {
        List<Artifact> all =
                IntStream.range(0, 300).mapToObj(i -> artifact("/" + i, "/" + i)).toList();

        assertThat(fetches.areThere(all, LONG)).isTrue();
    }
}
