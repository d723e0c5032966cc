package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `--url` with several engines: what is asked again at the next, and what never is.
class SeveralEnginesIT {
    private static final String CANCEL = "POST /api/v1/runs/r-1/cancel";
    private static final String RETRY = "POST /api/v1/runs/r-1/retry";
    private static final String RUN = "GET /api/v1/runs/r-1";
    private static final String NODES = "GET /api/v1/runs/r-1/nodes";
    private static final String LOG = "GET /api/v1/runs/r-1/nodes/a%40m-0/log";
    private static final String NODE =
            """
            {"items": [{"key": "a@m-0", "action": "step", "machine": "m-0", "state": "running",
             "attempt": 1, "phase": 1, "job": "j-1", "reason": ""}]}
            """;

    @TempDir private Path folder;
    private FakeEngine first;
    private FakeEngine second;
    private Sessions formwork;

    @BeforeEach
    void start() {
        first = engine("first");
        second = engine("second");
        formwork =
                new Sessions(folder)
                        .with("FORMWORK_HOME", folder.resolve("first").toString())
                        .with("FORMWORK_URL", first.url() + ", " + second.url() + "/");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private FakeEngine engine(String name) {
        return new FakeEngine(folder.resolve(name))
                .on("GET /health", "{}")
                .on("GET /api/v1/runs", "{\"items\": [%s]}".formatted(FakeEngine.run("running")))
                .on(RUN, FakeEngine.run("running"))
                .on(NODES, NODE)
                .on(CANCEL, FakeEngine.run("cancelling"));
    }

    @Test
    void asksTheFirstAsLongAsItAnswers() {
        assertThat(formwork.run("runs")).isZero();
        assertThat(formwork.run("cancel", "r-1")).isZero();
        assertThat(first.calls()).contains("GET /api/v1/runs", "GET /health", CANCEL);
        assertThat(second.calls()).isEmpty();
    }

    @Test
    void goesToTheNextWhereNobodyListens() {
        first.close();
        assertThat(formwork.run("runs")).isZero();
        assertThat(formwork.out()).contains("r-1");
        assertThat(formwork.run("cancel", "r-1")).isZero();
        assertThat(second.calls()).containsOnlyOnce(CANCEL);
    }

    @Test
    void saysOfAllThatTheyDoNotAnswer() {
        first.close();
        second.close();
        assertThat(formwork.run("runs")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.no-engine", first.url(), second.url());
    }

    @Test
    void changesNothingThroughAnEngineThatIsNotWell() {
        first.refuse("GET /health", 503, "{}");
        assertThat(formwork.run("cancel", "r-1")).isZero();
        assertThat(first.calls()).doesNotContain(CANCEL);
        assertThat(second.calls()).containsOnlyOnce(CANCEL);
    }

    @Test
    void readsAtTheNextWhatTheFirstCannotAnswer() {
        first.refuse("GET /api/v1/runs", 503, problem("server.starting"));
        assertThat(formwork.run("runs")).isZero();
        first.breakOn(request -> true);
        assertThat(formwork.run("runs")).isZero();

        second.refuse("GET /api/v1/runs", 404, problem("run.unknown"));
        assertThat(formwork.run("runs")).isEqualTo(1);
        assertThat(formwork.err()).contains("run.unknown");
    }

    @Test
    void neverSendsAgainWhatMayHaveBeenTaken() {
        first.breakOn(request -> request.equals(CANCEL));
        assertThat(formwork.run("cancel", "r-1")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.engine-lost", first.url(), "may have been done");
        assertThat(first.calls()).containsOnlyOnce(CANCEL);
        assertThat(second.calls()).doesNotContain(CANCEL);
    }

    @Test
    void neverSendsAgainWhatWasRefused() {
        first.refuse(CANCEL, 503, problem("store.unreachable"));
        assertThat(formwork.run("cancel", "r-1")).isEqualTo(1);
        assertThat(formwork.err()).contains("store.unreachable");
        assertThat(second.calls()).doesNotContain(CANCEL);
    }

    @Test
    void followsALogWhereItWas() {
        first.onUnfinished(LOG, "one\n").breakOn(request -> request.contains("offset=4"));
        second.on(LOG, "two\n");
        assertThat(formwork.run("logs", "-f", "r-1", "a")).isZero();
        assertThat(formwork.out()).isEqualTo("one\ntwo\n");
        assertThat(second.requests()).anyMatch(request -> request.startsWith(LOG + "?offset=4&"));
    }

    @Test
    void followsARunBehindTheLastEventItHad() {
        first.on(RETRY, FakeEngine.run("running"))
                .events(
                        "id: 7",
                        "data: {\"id\": 7, \"at\": \"2026-11-21T09:00:00Z\", \"type\":"
                                + " \"node.changed\", \"subject\": \"a@m-0\", \"data\":"
                                + " {\"state\": \"running\", \"attempt\": 1}}");
        second.events(": nothing yet")
                .breakOn(request -> {
                    if (request.startsWith("GET /api/v1/events")) {
                        // Not before, or the end would be seen without the events.
                        second.on(RUN, FakeEngine.run("succeeded"));
                    }
                    return false;
                });
        assertThat(formwork.run("retry", "r-1")).isZero();
        assertThat(first.calls()).containsOnlyOnce(RETRY);
        assertThat(second.calls()).doesNotContain(RETRY);
        assertThat(second.lastEventIds()).contains("7");
    }

    @Test
    void refusesAListWithSomethingElse() {
        assertThat(formwork.run("runs", "--url", first.url() + ",")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.bad-url");
        assertThat(formwork.run("runs", "--url", first.url() + ",http://192.0.2.1")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.insecure-url");
    }

    private static String problem(String code) {
        return "{\"code\": \"%s\", \"detail\": \"no\", \"problems\": []}".formatted(code);
    }
}
