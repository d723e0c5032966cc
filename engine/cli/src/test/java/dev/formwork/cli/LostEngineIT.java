package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Who follows a run while its engine is started anew.
class LostEngineIT {
    private static final String RUN = "GET /api/v1/runs/r-1";
    private static final String NODES = "GET /api/v1/runs/r-1/nodes";
    private static final String RETRY = "POST /api/v1/runs/r-1/retry";
    private static final String EVENTS = "GET /api/v1/events";
    private static final String STARTING =
            "{\"code\": \"server.starting\", \"detail\": \"not yet\", \"problems\": []}";

    @TempDir private Path data;
    private final List<FakeEngine> engines = new ArrayList<>();
    private Sessions formwork;

    @BeforeEach
    void prepare() {
        formwork = new Sessions(data).with("FORMWORK_HOME", data.toString()).realTime();
    }

    @AfterEach
    void stop() {
        engines.forEach(FakeEngine::close);
    }

    private FakeEngine engine() {
        FakeEngine engine =
                new FakeEngine(data)
                        .on(RETRY, FakeEngine.run("running"))
                        .on(NODES, "{\"items\": []}")
                        .events(": nothing yet");
        engines.add(engine);
        return engine;
    }

    @Test
    void waitsForOneThatStarts() {
        AtomicInteger asked = new AtomicInteger();
        FakeEngine engine = engine().on(RUN, FakeEngine.run("failed"));
        engine.breakOn(request -> {
            if (request.startsWith(RETRY)) {
                engine.refuse(EVENTS, 503, STARTING).refuse(RUN, 503, STARTING);
            } else if (engine.calls().contains(RETRY)) {
                int times = asked.incrementAndGet();
                if (times == 2) {
                    engine.events(": nothing yet");
                } else if (times == 5) {
                    engine.on(RUN, FakeEngine.run("succeeded"));
                }
            }
            return false;
        });
        assertThat(formwork.run("retry", "r-1")).isZero();
        assertThat(formwork.out()).contains("does not answer", "Run r-1 succeeded");
        assertThat(engine.calls()).containsOnlyOnce(RETRY);
    }

    @Test
    void findsOneThatIsSomewhereElseNow() {
        FakeEngine before = engine().on(RUN, FakeEngine.run("failed"));
        List<FakeEngine> after = new ArrayList<>();
        before.breakOn(request -> {
            if (request.startsWith(RETRY) || !before.calls().contains(RETRY)) {
                return false;
            }
            synchronized (after) {
                if (after.isEmpty()) {
                    after.add(engine().on(RUN, FakeEngine.run("succeeded")));
                }
            }
            return true;
        });
        assertThat(formwork.run("retry", "r-1")).isZero();
        assertThat(after.getFirst().calls()).contains(RUN).doesNotContain(RETRY);
    }

    @Test
    void saysAtOnceThatItIsNotThereWhereNobodyFollows() {
        engine().refuse("GET /api/v1/runs", 503, STARTING);
        assertThat(formwork.run("runs")).isEqualTo(1);
        assertThat(formwork.err()).contains("server.starting");
    }
}
