package dev.formwork.boot.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.ProblemException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Fetches from a server that answers, on loopback, whatever a test says.
final class ArtifactCacheIT {
    private static final Destinations LOOPBACK =
            new Destinations(Set.of(), List.of(Cidr.parse("127.0.0.0/8")));
    private static final String CONTENT = "a kernel";

    @TempDir private Path folder;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private ServerSocket server;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        thread.join();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void fetchesOnceAndServes() throws Exception {
        answers.put("/kernel", ok(CONTENT));
        ArtifactCache cache = cache(LOOPBACK);

        Path file = cache.fetch(artifact("/kernel"));
        cache.fetch(artifact("/kernel"));

        assertThat(file).hasContent(CONTENT);
        assertThat(asked).hasValue(1);
        String path = ArtifactCache.path(artifact("/kernel"));
        assertThat(cache.find(new ContentSource.Asked(path, "", Ipv4.ANY, "10.0.0.1")))
                .contains(new Content.Stored(file));
        assertThat(cache.find(new ContentSource.Asked("sha256/x", "", Ipv4.ANY, "10.0.0.1")))
                .isEmpty();
    }

    @Test
    void fetchesOnceForManyWhoWantIt() throws Exception {
        answers.put("/kernel", ok(CONTENT));
        ArtifactCache cache = cache(LOOPBACK);

        List<CompletableFuture<Path>> all =
                IntStream.range(0, 32)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> fetch(cache, "/kernel")))
                        .toList();

        assertThat(all).allSatisfy(each -> assertThat(each.join()).hasContent(CONTENT));
        assertThat(asked).hasValue(1);
    }

    @Test
    void saysThatTheDigestIsWrongAndKeepsNothing() throws Exception {
        answers.put("/kernel", ok("another kernel"));
        ArtifactCache cache = cache(LOOPBACK);

        refuses(
                "artifact.wrong-digest",
                "/kernel has the digest " + digest("another kernel") + ", not " + digest(CONTENT),
                () -> cache.fetch(artifact("/kernel")));

        assertThat(cache.file(digest(CONTENT))).isEmpty();
        assertThat(cache.file(digest("another kernel"))).isEmpty();
        answers.put("/kernel", ok(CONTENT));
        assertThat(cache.fetch(artifact("/kernel"))).hasContent(CONTENT);
    }

    @Test
    void takesChunksAndWhatEndsWithTheConnection() throws Exception {
        answers.put(
                "/chunks",
                String.join(
                        "\r\n",
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "",
                        "2;x=y",
                        "a ",
                        "6",
                        "kernel",
                        "0",
                        "",
                        ""));
        answers.put("/close", "HTTP/1.0 200 OK\r\n\r\n" + CONTENT);

        assertThat(cache(LOOPBACK).fetch(artifact("/chunks"))).hasContent(CONTENT);
        Files.delete(folder.resolve("cache").resolve(digest(CONTENT)));
        assertThat(cache(LOOPBACK).fetch(artifact("/close"))).hasContent(CONTENT);
    }

    @Test
    void takesNothingThatIsCutShortOrNonsense() throws Exception {
        ArtifactCache cache = cache(LOOPBACK);
        for (String answer :
                List.of(
                        "",
                        "nonsense",
                        "HTTP/1.1 404 Not Found\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + CONTENT,
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + CONTENT,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + CONTENT,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" + CONTENT,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                        "HTTP/1.1 301 Moved\r\nLocation: /moved\r\n\r\n")) {
            answers.put("/moved", answer);
            refuses("artifact.unreachable", "", () -> cache.fetch(artifact("/moved")));
        }
    }

    @Test
    void boundsWhatItKeeps() throws Exception {
        answers.put("/kernel", ok(CONTENT));
        ArtifactCache small = new ArtifactCache(folder.resolve("cache"), 7, LOOPBACK);

        refuses("artifact.cache-full", "", () -> small.fetch(artifact("/kernel")));

        assertThat(small.file(digest(CONTENT))).isEmpty();
    }

    @Test
    void fetchesNothingFromInsideUnlessItIsAllowed() throws Exception {
        answers.put("/kernel", ok(CONTENT));
        answers.put("/in", "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/x\r\n\r\n");

        refuses(
                "artifact.forbidden-address",
                "127.0.0.1",
                () -> cache(Destinations.INTERNET).fetch(artifact("/kernel")));
        assertThat(asked).hasValue(0);
        refuses(
                "artifact.forbidden-address",
                "169.254.169.254",
                () -> cache(LOOPBACK).fetch(artifact("/in")));
        assertThat(
                        cache(new Destinations(Set.of("127.0.0.1"), List.of()))
                                .fetch(artifact("/kernel")))
                .hasContent(CONTENT);
    }

    @Test
    void refusesAddressesThatAreNone() throws Exception {
        ArtifactCache cache = cache(LOOPBACK);
        for (String url :
                List.of(
                        "file:///etc/passwd",
                        "ftp://example.org/x",
                        "http:///x",
                        "x",
                        "http://a:b@127.0.0.1/x",
                        "jar:http://x!/y")) {
            refuses(
                    "artifact.bad-url",
                    "",
                    () -> cache.fetch(new Artifact(URI.create(url), digest(CONTENT))));
        }
        refuses(
                "artifact.bad-digest",
                "",
                () -> new Artifact(URI.create("http://x"), "../../etc/passwd"));
    }

    @Test
    void takesAFileThatSomebodyBrought() throws Exception {
        Path brought = Files.writeString(folder.resolve("brought"), CONTENT);
        ArtifactCache cache = cache(Destinations.INTERNET);

        refuses("artifact.wrong-digest", "", () -> cache.put(brought, digest("x")));

        assertThat(cache.put(brought, digest(CONTENT))).hasContent(CONTENT);
        assertThat(cache.fetch(artifact("/kernel"))).hasContent(CONTENT);
    }

    @Test
    void forgetsWhatAKillLeft() throws Exception {
        Files.createDirectories(folder.resolve("cache"));
        Path old = Files.writeString(folder.resolve("cache/x.part"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Path young = Files.writeString(folder.resolve("cache/y.part"), "another's");

        cache(LOOPBACK);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        Files.delete(young);
    }

    @Test
    void takesFilesInUnderWhatTheyAre() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        ArtifactCache cache = cache(LOOPBACK);

        String digest = cache.add(file);

        assertThat(digest)
                .isEqualTo("ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
        assertThat(cache.add(file)).isEqualTo(digest);
        assertThat(cache.digests()).containsExactly(digest);
        assertThat(cache.file(digest).orElseThrow()).hasContent("content");
    }

    @Test
    void knowsWhatIsNotOnTheInternet() throws UnknownHostException {
        for (String address :
                List.of(
                        "0.0.0.0",
                        "10.0.0.1",
                        "100.64.0.1",
                        "127.0.0.1",
                        "169.254.169.254",
                        "172.16.0.1",
                        "192.168.0.1",
                        "192.0.0.1",
                        "198.18.0.1",
                        "224.0.0.1",
                        "255.255.255.255",
                        "::1",
                        "::",
                        "fe80::1",
                        "fc00::1",
                        "fd00:ec2::254",
                        "ff02::1",
                        "::ffff:10.0.0.1",
                        "2002:a00:1::",
                        "2001:0:a00:1::",
                        "64:ff9b::a00:1")) {
            InetAddress inside = InetAddress.ofLiteral(address);
            refuses(
                    "artifact.forbidden-address",
                    "",
                    () -> Destinations.INTERNET.require("x", inside));
        }
        for (String address : List.of("1.1.1.1", "8.8.8.8", "2606:4700:4700::1111")) {
            Destinations.INTERNET.require("x", InetAddress.ofLiteral(address));
        }
    }

    private ArtifactCache cache(Destinations destinations) {
        return new ArtifactCache(folder.resolve("cache"), 1 << 20, destinations);
    }

    private Path fetch(ArtifactCache cache, String path) {
        return cache.fetch(artifact(path));
    }

    private Artifact artifact(String path) {
        return new Artifact(
                URI.create("http://127.0.0.1:" + server.getLocalPort() + path), digest(CONTENT));
    }

    private static String ok(String content) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
    }

    private static String digest(String content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void refuses(String code, String detail, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                asked.incrementAndGet();
                InputStream input = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) input.read());
                }
                String path = head.substring(4, head.indexOf(" HTTP"));
                socket.getOutputStream()
                        .write(answers.getOrDefault(path, "").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The test ends, or the client had enough.
            }
        }
    }
}
