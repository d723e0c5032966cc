package dev.formwork.server;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.tls.TlsAddress;
import dev.formwork.workflow.engine.EngineSettings;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// An engine on a free port, without an agent of its own, and a client that has its token.
public final class TestEngine implements AutoCloseable {
    public static final JsonMapper JSON = TestClient.JSON;

    private final RunningServer server;
    private final TestClient client;

    private TestEngine(RunningServer server, TestClient client) {
        this.server = server;
        this.client = client;
    }

    public static TestEngine start(Path data) throws IOException {
        return start(config(data));
    }

    public static TestEngine start(ServeConfig config) throws IOException {
        return new TestEngine(EngineServer.start(config), TestClient.of(config.data()));
    }

    /// One with a door for other hosts, through which its client calls.
    public static TestEngine startByTls(Path data) throws IOException {
        return startByTls(data, Clock.systemUTC());
    }

    /// @param certificates the clock of its certificate
    static TestEngine startByTls(Path data, Clock certificates) throws IOException {
        TlsAddress address = TlsAddress.parse("127.0.0.1:0").withNames(List.of("engine.test"));
        RunningServer server = EngineServer.start(config(data).withTls(address), certificates);
        return new TestEngine(server, TestClient.byTls(data));
    }

    public static ServeConfig config(Path data) {
        EngineSettings standard = EngineSettings.STANDARD;
        EngineSettings quick =
                new EngineSettings(
                        Duration.ofSeconds(20),
                        standard.bootDeadline(),
                        Duration.ofSeconds(1),
                        standard.reportGrace(),
                        standard.engineJobs(),
                        standard.providerAttempts(),
                        Duration.ofMillis(100),
                        standard.interruptions(),
                        standard.logBytes());
        return ServeConfig.of(data, List.of(pack("pack")), agent(), "test")
                .withPort(0)
                .withEngineAgent(false)
                .withConsole(false)
                .withPoll(Duration.ofSeconds(5))
                .withSettings(quick);
    }

    /// The real agent, out of the test's class path.
    static AgentLaunch agent() {
        return new AgentLaunch(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.formwork.agent.Main"));
    }

    static Path pack(String name) {
        try {
            URL file = TestEngine.class.getResource("/" + name + "/pack.yaml");
            return Path.of(Objects.requireNonNull(file).toURI()).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where its client calls.
    public URI uri() {
        return client.uri();
    }

    /// Where it is called on its own host.
    URI localUri() {
        return server.uri();
    }

    public String token() {
        return client.token();
    }

    public HttpRequest.Builder request(String path) {
        return client.request(path);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        return client.send(request);
    }

    public HttpResponse<String> get(String path) {
        return client.get(path);
    }

    public HttpResponse<String> post(String path, Object body) {
        return client.post(path, body);
    }

    public JsonNode json(HttpResponse<String> answer) {
        return client.json(answer);
    }

    public String apply(String clusterYaml) {
        return client.apply(clusterYaml);
    }

    /// The run once it has ended.
    public JsonNode ended(String run) {
        return client.ended(run, Duration.ofMinutes(1));
    }

    public HttpClient client() {
        return client.http();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
