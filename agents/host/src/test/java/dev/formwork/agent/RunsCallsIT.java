package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// HTTP calls, made to a server that writes down what arrives.
final class RunsCallsIT {
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private Path folder;
    private FakeEngine engine;
    private AgentProcess agent;
    private HttpServer server;
    private ExecutorService threads;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = new AgentProcess(folder, engine.url()).start();
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(server);
    }

    private void serve(HttpServer one) {
        one.setExecutor(threads);
        one.createContext("/", this::answer);
        one.start();
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /// What a path asks for: `/status/503`, `/echo`, `/moved`, `/large`, `/hangs`.
    private void answer(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        arrived.add(
                call.getRequestMethod()
                        + " "
                        + call.getRequestURI()
                        + " "
                        + call.getRequestHeaders().getFirst("Authorization")
                        + " "
                        + body);
        String path = call.getRequestURI().getPath();
        byte[] answer =
                (body.isEmpty() ? "{\"state\": \"ready\"}" : body).getBytes(StandardCharsets.UTF_8);
        int status = 200;
        if (path.startsWith("/status/")) {
            status = Integer.parseInt(path.substring("/status/".length()));
        } else if (path.equals("/moved")) {
            call.getResponseHeaders().set("Location", "/echo");
            status = 302;
        } else if (path.equals("/large")) {
            answer = new byte[9 << 20];
        } else if (path.equals("/hangs")) {
            return;
        } else if (path.equals("/breaks")) {
            call.close();
            return;
        }
        call.getResponseHeaders().set("X-Number", "7");
        call.sendResponseHeaders(status, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    private TestJobs call(String id, String json) {
        return TestJobs.shell(id, json).runner("http").input("api", "\"" + base() + "\"");
    }

    /// A call to a path of the server, with nothing else.
    private TestJobs to(String id, String method, String path) {
        return call(
                id,
                "{\"method\": \"%s\", \"url\": {\"text\": [{\"input\": \"api\"}, \"%s\"]}, \"timeoutMillis\": %d}"
                        .formatted(method, path, patience(path)));
    }

    /// Short only where nothing ever comes.
    private static int patience(String path) {
        return path.equals("/hangs") ? 2000 : 20_000;
    }

    @Test
    void sendsInputsAndReadsOutputs() {
        Job job =
                call(
                                "j-1",
                                """
                                {"method": "POST",
                                 "url": {"text": [{"input": "api"}, "/records/", {"input": "name"}, "?q=", {"input": "name"}]},
                                 "headers": {"authorization": {"text": ["Bearer ", {"input": "token"}]}},
                                 "json": {"fields": {"name": {"input": "name"}, "tags": {"items": [{"input": "port"}, {"value": null}]}}},
                                 "expect": [200, 201],
                                 "match": {"/name": {"input": "name"}, "/tags/0": {"value": 80.0}},
                                 "outputs": {"first": {"pointer": "/tags/0"}, "number": {"header": "x-number"}},
                                 "timeoutMillis": 30000}
                                """)
                        .input("name", "\"a/../b?c=\\\"&d\"")
                        .input("port", "80")
                        .secret("token", "hunter2hunter2")
                        .output("first", "integer")
                        .output("number", "string")
                        .output("name", "string")
                        .output("status", "integer")
                        .job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(arrived)
                .containsExactly(
                        "POST /records/a%2F..%2Fb%3Fc%3D%22%26d?q=a%2F..%2Fb%3Fc%3D%22%26d"
                                + " Bearer hunter2hunter2"
                                + " {\"name\":\"a/../b?c=\\\"&d\",\"tags\":[80,null]}");
        assertThat(report.outputs())
                .containsEntry("first", TestJobs.json("80"))
                .containsEntry("number", TestJobs.json("\"7\""))
                .containsEntry("name", TestJobs.json("\"a/../b?c=\\\"&d\""))
                .containsEntry("status", TestJobs.json("200"));
        assertThat(engine.log(job))
                .matches(
                        "POST \\$\\{\\{ inputs.api }}/records/\\$\\{\\{ inputs.name }}\\?q=\\$\\{\\{"
                                + " inputs.name }}\nanswered 200 after \\d+ ms\n");
    }

    @Test
    void failsWithTheStatusThatCame() {
        Job job = to("j-1", "GET", "/status/503").job();
        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("http.unexpected-status");
        assertThat(report.detail()).endsWith("/status/503 answered 503");
        assertThat(engine.log(job)).contains("{\"state\": \"ready\"}");
    }

    @Test
    void goesNowhereElse() {
        Report report = run(to("j-1", "GET", "/moved").job());

        assertThat(report.code()).isEqualTo("http.unexpected-status");
        assertThat(arrived).hasSize(1);
    }

    @Test
    void checksByStatusAndByWhatTheAnswerHolds() {
        String url = "\"url\": {\"text\": [{\"input\": \"api\"}, \"%s\"]}, \"timeoutMillis\": %d";
        String ready = "{\"match\": {\"/state\": {\"value\": \"ready\"}}, " + url + "}";
        String other = "{\"match\": {\"/state\": {\"value\": \"gone\"}}, " + url + "}";
        assertThat(check("j-1", ready, "/x")).isEqualTo(Outcome.HOLDS);
        assertThat(check("j-2", other, "/x")).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(check("j-3", ready, "/status/404")).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(check("j-4", ready, "/status/500")).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(check("j-5", ready, "/hangs")).isEqualTo(Outcome.CHECK_UNKNOWN);
    }

    /// Java ends with 1 whatever its fault was, which would say that the check does not hold.
    @Test
    void aFaultIsNoAnswerToACheck() {
        assertThat(check("j-1", "no call, %s %d", "/x")).isEqualTo(Outcome.CHECK_UNKNOWN);
    }

    private Outcome check(String id, String json, String path) {
        String check = json.formatted(path, patience(path));
        return run(call(id, "{}").mode(JobMode.CHECK).check(check).job()).outcome();
    }

    @Test
    void asksWhereNobodyKnowsWhetherAPostHappened() {
        Report post = run(to("j-1", "POST", "/breaks").job());
        assertThat(post.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(post.detail()).contains("got no answer");
        assertThat(arrived).as("sent once").hasSize(1);

        Report put = run(to("j-2", "PUT", "/hangs").job());
        assertThat(put.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(put.code()).isEqualTo("http.no-answer");
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Report report =
                run(
                        to("j-1", "POST", "/x")
                                .input("api", "\"http://127.0.0.1:" + port + "\"")
                                .job());
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("http.unreachable");
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() {
        assertThat(run(to("j-1", "GET", "/large").job()).code()).isEqualTo("http.answer-too-large");
    }

    @Test
    void refusesAddressesAndHeadersThatInputsWouldBreak() {
        for (String api :
                List.of("file:///etc/passwd", "http://user:word@127.0.0.1", "http:// a", "")) {
            Report report =
                    run(
                            to("j-" + arrived.size() + api.length(), "GET", "/x")
                                    .input("api", "\"" + api + "\"")
                                    .job());
            assertThat(report.code()).as(api).isEqualTo("http.bad-call");
            assertThat(report.detail()).doesNotContain("word");
        }
        Job header =
                call(
                                "j-9",
                                "{\"url\": {\"input\": \"api\"}, \"headers\": {\"x-a\": {\"input\": \"a\"}}}")
                        .input("a", "\"b\\r\\nx-c: d\"")
                        .job();
        assertThat(run(header).code()).isEqualTo("http.bad-call");
        Job dots =
                call(
                                "j-8",
                                "{\"url\": {\"text\": [{\"input\": \"api\"}, \"/a/\", {\"input\": \"a\"}]}}")
                        .input("a", "\"..\"")
                        .job();
        assertThat(run(dots).code()).isEqualTo("http.bad-call");
        String all =
                "{\"method\": \"DELETE\", \"url\": {\"text\": [{\"input\": \"api\"}, \"/records/%s\", {\"input\": \"a\"}]}}";
        Job empty = call("j-7", all.formatted("")).input("a", "\"\"").job();
        assertThat(run(empty).code()).as("of all records").isEqualTo("http.bad-call");
        Job joined = call("j-6", all.formatted(".")).input("a", "\".\"").job();
        assertThat(run(joined).code()).as("two dots of two").isEqualTo("http.bad-call");
        assertThat(arrived).isEmpty();
    }

    @Test
    void trustsTheCaThatItIsGivenAndNoOther() throws Exception {
        TestKeys keys = TestKeys.make(folder, "server", "ip:127.0.0.1");
        HttpsServer tls =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
        serve(tls);
        try {
            String api = "\"https://127.0.0.1:" + tls.getAddress().getPort() + "\"";
            String call = "{\"url\": {\"input\": \"api\"}, \"ca\": {\"input\": \"ca\"}}";
            Job trusted = call("j-1", call).input("api", api).secret("ca", keys.pem()).job();
            assertThat(run(trusted).outcome()).as(engine.log(trusted)).isEqualTo(Outcome.SUCCEEDED);
            Job unknown = call("j-2", "{\"url\": {\"input\": \"api\"}}").input("api", api).job();
            assertThat(run(unknown).code()).isEqualTo("http.untrusted");
            Job broken = call("j-3", call).input("api", api).input("ca", "\"none\"").job();
            assertThat(run(broken).code()).isEqualTo("http.bad-call");
        } finally {
            tls.stop(0);
        }
    }

    @Test
    void isEndedAsAScriptIs() {
        Job job =
                call(
                                "j-1",
                                "{\"url\": {\"text\": [{\"input\": \"api\"}, \"/hangs\"]}, \"timeoutMillis\": 3600000}")
                        .timeout(1)
                        .job();
        assertThat(run(job).outcome()).isEqualTo(Outcome.TIMED_OUT);
    }
}
