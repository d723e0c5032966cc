package dev.formwork.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.Eventually;
import dev.formwork.server.TestAgents;
import dev.formwork.server.TestEngine;
import dev.formwork.server.contract.Contract;
import dev.formwork.server.retention.RetentionPolicy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

@Timeout(120)
class EventsIT {
    private static final String CLUSTER =
            """
            kind: Cluster
            name: %s
            workflow: greeting
            groups:
              members: {count: 1, provider: memory}
            """;

    @TempDir private Path data;
    private TestEngine engine;
    private TestAgents agents;

    @BeforeEach
    void start() throws IOException {
        engine = TestEngine.start(data);
        agents = new TestAgents(engine, TestAgents::obliging);
    }

    @AfterEach
    void stop() {
        agents.close();
        engine.close();
    }

    private record Seen(long id, String type, JsonNode data) {}

    @Test
    void tellsARunFromItsStartToItsEnd() throws Exception {
        try (Feed feed = new Feed(engine.request("/api/v1/events"))) {
            feed.comment();
            String run = engine.apply(CLUSTER.formatted("demo"));

            List<Seen> seen = feed.until(event -> event.type().equals("run.ended"));

            assertThat(seen).extracting(Seen::type).contains("plan.approved", "run.started");
            assertThat(seen).extracting(Seen::id).isSorted().doesNotHaveDuplicates();
            assertThat(seen.getLast().data().path("run").asString()).isEqualTo(run);
            Contract contract = Contract.read();
            seen.forEach(event -> contract.requireValid("Event", event.data().toString()));
            assertThat(seen.toString()).doesNotContain("geheim").doesNotContain("sesame");
        }
    }

    @Test
    void resumesAfterTheLastEventThatWasReceived() throws Exception {
        engine.apply(CLUSTER.formatted("demo"));
        List<Seen> all;
        try (Feed feed = new Feed(engine.request("/api/v1/events?after=0"))) {
            all = feed.until(event -> event.type().equals("run.ended"));
        }
        long middle = all.get(all.size() / 2).id();

        try (Feed feed =
                new Feed(
                        engine.request("/api/v1/events?after=0")
                                .header("Last-Event-ID", Long.toString(middle)))) {
            List<Seen> rest = feed.until(event -> event.type().equals("run.ended"));

            assertThat(rest).isEqualTo(all.subList(all.size() / 2 + 1, all.size()));
        }
    }

    @Test
    void tellsOfOneRunOnlyWhereThatIsAskedFor() throws Exception {
        String first = engine.apply(CLUSTER.formatted("first"));
        try (Feed feed = new Feed(engine.request("/api/v1/events?after=0"))) {
            feed.until(event -> event.type().equals("run.ended"));
        }
        String second = engine.apply(CLUSTER.formatted("second"));
        assertThat(second).isNotEqualTo(first);

        try (Feed feed = new Feed(engine.request("/api/v1/events?after=0&run=" + second))) {
            assertThat(feed.until(event -> event.type().equals("run.ended")))
                    .allSatisfy(event ->
                            assertThat(event.data().path("run").asString()).isEqualTo(second));
        }
    }

    /// What came after the one that it has seen last is no longer kept: it can't go on from there.
    @Test
    void tellsWhoComesBackTooLate() throws Exception {
        engine.apply(CLUSTER.formatted("demo"));
        try (Feed feed = new Feed(engine.request("/api/v1/events?after=0"))) {
            feed.until(event -> event.type().equals("run.ended"));
        }
        agents.close();
        engine.close();
        engine =
                TestEngine.start(
                        TestEngine.config(data)
                                .withRetention(new RetentionPolicy(1, Duration.ofMillis(1))));
        agents = new TestAgents(engine, TestAgents::obliging);

        Eventually.until(
                () -> statusOf("/api/v1/events?after=1") == 410,
                Duration.ofSeconds(60),
                () -> "events are still kept");
        assertThat(engine.json(engine.get("/api/v1/events?after=1")).path("code").asString())
                .isEqualTo("event.pruned");
        assertThat(statusOf("/api/v1/events?after=0")).as("what is kept will do").isEqualTo(200);
    }

    /// Without the body, which may have no end.
    private int statusOf(String path) {
        try {
            HttpResponse<InputStream> answer =
                    engine.client()
                            .send(engine.request(path).build(), BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAnIdThatIsNone() {
        assertThat(engine.json(engine.get("/api/v1/events?after=x")).path("code").asString())
                .isEqualTo("request.malformed");
    }

    /// Reads server-sent events by the rules of WHATWG.
    private final class Feed implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;

        Feed(HttpRequest.Builder request) throws IOException, InterruptedException {
            body = engine.client().send(request.build(), BodyHandlers.ofInputStream()).body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        void comment() throws IOException {
            assertThat(lines.readLine()).startsWith(":");
        }

        List<Seen> until(Predicate<Seen> last) throws IOException {
            List<Seen> seen = new ArrayList<>();
            while (seen.isEmpty() || !last.test(seen.getLast())) {
                next(seen);
            }
            return seen;
        }

        private void next(List<Seen> seen) throws IOException {
            String id = "";
            String type = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        seen.add(
                                new Seen(Long.parseLong(id), type, TestEngine.JSON.readTree(data)));
                    }
                    return;
                }
                id = line.startsWith("id: ") ? line.substring(4) : id;
                type = line.startsWith("event: ") ? line.substring(7) : type;
                data = line.startsWith("data: ") ? line.substring(6) : data;
            }
            throw new IOException("the stream ended");
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
