package dev.formwork.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.provider.Instance;
import dev.formwork.server.tls.SettableClock;
import dev.formwork.server.tls.TestAuthority;
import dev.formwork.server.tls.Trust;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// The door for other hosts, with the real agent as a process of its own.
@Timeout(120)
class TlsIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private Path data;
    @TempDir private Path folder;

    /// So that the engine's first certificate is old already.
    private final SettableClock certificates =
            new SettableClock(Instant.now().minus(Duration.ofDays(70)));

    private TestEngine engine;

    @BeforeEach
    void start() throws IOException {
        engine = TestEngine.startByTls(data, certificates);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void anAgentWorksOverItAndANewCertificateDoesNotDisturbIt() throws Exception {
        String run = engine.apply(cluster("hello"));
        try (RemoteAgent agent = agent().engine(engine.uri()).start();
                SSLSocket connection = connect()) {
            assertThat(engine.ended(run).path("state").asString()).isEqualTo("succeeded");
            X509Certificate first = served(connection);
            assertThat(health(connection)).contains(" 200 ");

            certificates.set(Instant.now());

            Eventually.until(
                    () -> !certificate().equals(first), LONG, () -> "no other certificate came");
            assertThat(certificate().getNotAfter())
                    .as("to live on when the first has ended")
                    .isAfter(first.getNotAfter());
            assertThat(health(connection)).as("it stands").contains(" 200 ");
            JsonNode ended = engine.ended(engine.apply(cluster("again")));
            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
            assertThat(agent.output()).doesNotContain("does not answer");
        }
    }

    @Test
    void anAgentTellsItsTokenToNobodyUnderAnotherCa() throws Exception {
        engine.apply(cluster("hello"));
        Path other = Files.writeString(folder.resolve("other.pem"), TestAuthority.fresh().pem());
        try (RemoteAgent agent = agent().engine(engine.uri()).ca(other).start()) {
            agent.awaitComplaint();
        }
        assertThat(machineState()).isEqualTo("booting");
    }

    @Test
    void anAgentTellsItsTokenToNobodyByAnotherName() throws Exception {
        engine.apply(cluster("hello"));
        try (Relay relay = Relay.at("127.0.0.3", engine.uri().getPort());
                RemoteAgent agent = agent().engine(relay.uri()).start()) {
            agent.awaitComplaint();
            assertThatThrownBy(() ->
                            engine.client()
                                    .send(
                                            HttpRequest.newBuilder(relay.uri().resolve("/health"))
                                                    .build(),
                                            BodyHandlers.ofString()))
                    .isInstanceOf(SSLException.class);
        }
        assertThat(machineState()).isEqualTo("booting");
    }

    @Test
    void answersNoPlainHttpThere() throws IOException {
        try (Socket socket = new Socket(engine.uri().getHost(), engine.uri().getPort())) {
            assertThat(ask(socket, "localhost")).doesNotContain("HTTP/");
        }
    }

    @Test
    void isCalledByTheNamesOfItsCertificateAndOfNoOther() throws IOException {
        try (SSLSocket connection = connect()) {
            assertThat(ask(connection, "engine.test:7443")).contains(" 200 ");
            assertThat(ask(connection, "evil.example")).contains(" 421 ");
        }
        URI local = engine.localUri();
        try (Socket socket = new Socket(local.getHost(), local.getPort())) {
            assertThat(ask(socket, "engine.test")).as("that is for TLS").contains(" 421 ");
        }
    }

    @Test
    void tellsWhichCaItIsUnder() throws IOException {
        JsonNode ca = engine.json(engine.get("/api/v1/engine/ca"));
        assertThat(data.resolve("ca.pem")).hasContent(ca.path("certificate").asString());
        assertThat(engine.json(engine.get("/api/v1/engine")).at("/engines/0/secure_url").asString())
                .isEqualTo(engine.uri().toString())
                .startsWith("https://127.0.0.1:");
        String certificate = ca.path("certificate").asString();
        engine.close();
        engine = TestEngine.startByTls(data);
        assertThat(engine.json(engine.get("/api/v1/engine/ca")).path("certificate").asString())
                .as("after a restart")
                .isEqualTo(certificate);
    }

    private static String cluster(String word) {
        return """
        kind: Cluster
        name: far
        workflow: greeting
        groups:
          members: {count: 1, provider: memory}
        with: {word: %s}
        """
                .formatted(word);
    }

    private RemoteAgent.Start agent() {
        Eventually.until(() -> ours().isPresent(), LONG, () -> "no machine was made");
        String token =
                CloudFactory.CLOUD.requestOf(ours().orElseThrow().ref()).bootToken().reveal();
        return RemoteAgent.in(folder).token(token).ca(data.resolve("ca.pem"));
    }

    /// The machine of this test's engine, in the cloud that all engines share.
    private Optional<Instance> ours() {
        return CloudFactory.CLOUD.instances().stream()
                .filter(instance ->
                        engine.get("/api/v1/machines/" + instance.machine()).statusCode() == 200)
                .findFirst();
    }

    private String machineState() {
        return engine.json(engine.get("/api/v1/machines/" + ours().orElseThrow().machine()))
                .path("state")
                .asString();
    }

    private SSLSocket connect() throws IOException {
        return (SSLSocket)
                Trust.inFile(data.resolve("ca.pem"))
                        .getSocketFactory()
                        .createSocket(engine.uri().getHost(), engine.uri().getPort());
    }

    private X509Certificate certificate() {
        try (SSLSocket connection = connect()) {
            return served(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Certificate served(SSLSocket connection) throws IOException {
        connection.startHandshake();
        return (X509Certificate) connection.getSession().getPeerCertificates()[0];
    }

    private static String health(Socket connection) throws IOException {
        return ask(connection, "engine.test");
    }

    /// The first line of the answer, on a connection that stays; empty where none comes.
    private static String ask(Socket socket, String host) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(
                        ("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String first = in.readLine();
        int length = 0;
        for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring("content-length:".length()).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return String.valueOf(first);
    }
}
