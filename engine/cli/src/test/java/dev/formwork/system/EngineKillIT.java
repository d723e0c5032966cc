package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.server.failpoint.Failpoint;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The engine is killed, and the one that is started after it ends as if nothing had been: the same
/// state but for ids and times, every step once, every line of every log once.
class EngineKillIT {
    private static final String NAME = "killed";
    private static final Duration TO_APPLY = Duration.ofMinutes(6);
    private static final long SEED = 20_261_121;
    private static final int KILLS = 20;
    private static final EngineOptions SHORT = EngineOptions.USUAL.withLease(Duration.ofSeconds(8));

    private static final ReentrantLock ONCE = new ReentrantLock();
    private static Optional<Outcome> undisturbed = Optional.empty();

    @TempDir private Path folder;
    private Optional<EngineProcess> running = Optional.empty();

    @AfterEach
    void endAll() {
        running.ifPresent(EngineProcess::close);
    }

    /// What has to be the same, however often the engine was killed.
    ///
    /// @param nodes key to state and number of attempts
    /// @param members name to state
    /// @param logs key to what was logged
    /// @param ran each step as often as it ran
    record Outcome(
            String run,
            SortedMap<String, String> nodes,
            SortedMap<String, String> members,
            List<String> formed,
            String outputs,
            SortedMap<String, List<String>> logs,
            List<String> ran) {}

    static Stream<String> instants() {
        Random random = new Random(SEED);
        List<Failpoint.Place> places = List.of(Failpoint.Place.values());
        SortedSet<String> instants = new TreeSet<>();
        for (int i = 0; instants.size() < KILLS; i++) {
            Failpoint.Place place = places.get(i % places.size());
            instants.add(word(place) + ":" + (1 + random.nextInt(crossings(place))));
        }
        return instants.stream();
    }

    /// Instants that come soon after a start, for one kill after another.
    private static List<String> soon(int kills) {
        Random random = new Random(SEED);
        Failpoint.Place[] places = Failpoint.Place.values();
        return IntStream.range(0, kills)
                .mapToObj(i -> word(places[i % places.length]) + ":" + (1 + random.nextInt(3)))
                .toList();
    }

    private static String word(Failpoint.Place place) {
        return place.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Each run crosses a place at least so often: so that each failpoint is met.
    private static int crossings(Failpoint.Place place) {
        return switch (place) {
            case BEFORE_COMMIT, AFTER_COMMIT -> 40;
            case BEFORE_EFFECT, AFTER_EFFECT -> 11;
        };
    }

    @ParameterizedTest
    @MethodSource("instants")
    @Execution(ExecutionMode.CONCURRENT)
    void endsInTheSameStateWhereverItIsKilled(String instant) throws InterruptedException {
        Outcome expected = undisturbed();

        assertThat(chain(folder.resolve("killed"), EngineOptions.USUAL, List.of(instant), 1))
                .isEqualTo(expected);
    }

    @Test
    void endsInTheSameStateOnPostgresThroughOneKillAfterAnother()
            throws InterruptedException, IOException {
        Needs.nothing(PostgresServer.missing());
        Outcome expected = undisturbed();
        List<String> failpoints =
                List.of("after-commit:9", "before-effect:4", "before-commit:11", "after-effect:3");

        try (PostgresServer postgres = PostgresServer.quick()) {
            EngineOptions options = EngineOptions.USUAL.withDatabaseOf(postgres, "killed");

            assertThat(chain(folder.resolve("killed"), options, failpoints, failpoints.size()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void theQuickstartFormsThroughOneKillAfterAnother() throws InterruptedException, IOException {
        EtcdPackages.need();
        String yaml = Files.readString(Checkout.root().resolve("examples/quickstart/cluster.yaml"));
        List<String> failpoints = soon(KILLS);
        EngineProcess engine = begin(folder.resolve("data"));
        Driver driver = new Driver(engine, EngineOptions.USUAL, failpoints);

        Answer.Run run =
                driver.apply("quickstart", api -> api.planApply(yaml, List.of()), TO_APPLY);

        assertThat(driver.deaths()).isEqualTo(failpoints.size());
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        ApiClient api = engine.api();
        assertThat(api.nodes(run.id()))
                .allSatisfy(node -> {
                    assertThat(node.state()).as(node.key()).isEqualTo("succeeded");
                    assertThat(node.attempt()).as(node.key()).isEqualTo(1);
                });
        for (int i = 0; i < 3; i++) {
            String name = "quickstart-members-" + i;
            assertThat(api.logText(run.id(), "member@" + name).lines())
                    .filteredOn(line -> line.startsWith("started etcd"))
                    .hasSize(1);
            EtcdClient etcd = new EtcdClient(engine, api.machine(name).id());
            etcd.put("key-" + i, "of " + i);
            assertThat(etcd.get("key-0")).isEqualTo("of 0");
            assertThat(etcd.known()).isEqualTo(3);
        }
        assertThat(api.planApply(yaml, List.of()).changing()).isEmpty();
    }

    @Test
    void aStepThatEndsWhileTheEngineIsDeadIsReportedOnceItIsBack() throws InterruptedException {
        EngineProcess engine = begin(folder.resolve("data")).start(EngineOptions.USUAL);
        Gated gated = Gated.start(engine, folder, "gated-once", NAME);

        engine.kill();
        gated.open("while the engine was dead");
        gated.awaitEndOfStep();
        engine.start(EngineOptions.USUAL);

        gated.assertSucceededOnce("while the engine was dead");
    }

    @Test
    void aStepGoesOnWhileItsAgentIsKilledAndStartedAgain() throws InterruptedException {
        EngineProcess engine = begin(folder.resolve("data")).start(SHORT);
        Gated gated = Gated.start(engine, folder, "gated-once", NAME);

        gated.killAgent();
        gated.awaitUnreachableAndReady();
        gated.open("after the agent came back");

        gated.assertSucceededOnce("after the agent came back");
    }

    @Test
    void anAtMostOnceStepThatWasLostStopsAndAsksAndDoesNotRunAgain() throws InterruptedException {
        EngineProcess engine = begin(folder.resolve("data")).start(SHORT);
        Gated gated = Gated.start(engine, folder, "gated-once", NAME);

        gated.killMachine();
        Answer.Node asks = gated.awaitQuestion();

        assertThat(asks.question()).contains("did_it_happen");
        assertThat(engine.api().explain(gated.run(), asks.key()).hint().orElse(""))
                .contains("resolve");
        engine.kill();
        engine.start(SHORT);
        assertThat(gated.awaitQuestion().question()).contains("did_it_happen");
        engine.api()
                .resolve(
                        gated.run(),
                        asks.key(),
                        Map.of("happened", true, "outputs", Map.of("mark", "by hand")));
        assertThat(engine.api().awaitEnd(gated.run(), TO_APPLY).state()).isEqualTo("succeeded");
        assertThat(gated.journal())
                .containsExactly("wait@" + gated.machine(), "after@" + gated.machine());
    }

    @Test
    void anIdempotentStepThatWasLostRunsAgain() throws InterruptedException {
        EngineProcess engine = begin(folder.resolve("data")).start(SHORT);
        Gated gated = Gated.start(engine, folder, "gated-again", NAME);

        gated.killMachine();
        gated.awaitStarts(2);
        gated.open("the second time");

        Answer.Run run = engine.api().awaitEnd(gated.run(), TO_APPLY);
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(engine.api().node(gated.run(), gated.step()).attempt()).isEqualTo(2);
    }

    @Test
    void aStepThatWasLostAndHadDoneItsWorkIsFoundDone() throws InterruptedException {
        EngineProcess engine = begin(folder.resolve("data")).start(SHORT);
        Gated gated = Gated.start(engine, folder, "gated-kept", NAME);

        gated.killMachine();

        Answer.Run run = engine.api().awaitEnd(gated.run(), TO_APPLY);
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(gated.journal())
                .containsExactly("wait@" + gated.machine(), "after@" + gated.machine());
        assertThat(engine.api().cluster(NAME).outputs().toString()).contains("found");
    }

    private EngineProcess begin(Path data) {
        EngineProcess engine = new EngineProcess(data);
        running = Optional.of(engine);
        return engine;
    }

    private Outcome undisturbed() throws InterruptedException {
        ONCE.lock();
        try {
            return madeUndisturbed();
        } finally {
            ONCE.unlock();
        }
    }

    private Outcome madeUndisturbed() throws InterruptedException {
        if (undisturbed.isEmpty()) {
            Outcome outcome =
                    chain(folder.resolve("undisturbed"), EngineOptions.USUAL, List.of(), 0);
            List<String> numbered = TracePack.numberedLines();
            assertThat(outcome.run()).isEqualTo("succeeded");
            assertThat(outcome.ran()).doesNotHaveDuplicates().hasSize(8);
            assertThat(outcome.logs())
                    .hasSize(8)
                    .allSatisfy((_, log) -> {
                        assertThat(log).isEqualTo(numbered);
                    });
            undisturbed = Optional.of(outcome);
        }
        return undisturbed.get();
    }

    private Outcome chain(Path at, EngineOptions options, List<String> failpoints, int kills)
            throws InterruptedException {
        Path journal = at.resolveSibling(at.getFileName() + ".journal");
        String yaml = TracePack.cluster(NAME, "chain", 2, Map.of("journal", journal));
        try (EngineProcess engine = new EngineProcess(at)) {
            Driver driver = new Driver(engine, options, failpoints);
            Answer.Run run =
                    driver.apply(
                            NAME,
                            api -> api.planApply(yaml, List.of(TracePack.upload(api))),
                            TO_APPLY);
            // The last crossings may come after the run's end was told.
            Await.until(
                    "the engine was killed",
                    Duration.ofSeconds(10),
                    () -> driver.deaths() >= kills || !engine.isAlive());
            if (!engine.isAlive()) {
                engine.start(options);
            }
            ApiClient api = engine.api();
            List<String> packs = List.of(TracePack.upload(api));
            assertThat(api.planApply(yaml, packs).changing()).isEmpty();
            assertThat(api.runs(NAME)).hasSize(1);
            return outcome(api, run, journal);
        }
    }

    private static Outcome outcome(ApiClient api, Answer.Run run, Path journal) {
        SortedMap<String, String> nodes = new TreeMap<>();
        SortedMap<String, List<String>> logs = new TreeMap<>();
        for (Answer.Node node : api.nodes(run.id())) {
            nodes.put(
                    node.key(),
                    "%s, attempt %d, %s".formatted(node.state(), node.attempt(), node.reason()));
            if (node.action().equals("step")) {
                logs.put(node.key(), TracePack.numbered(api.logText(run.id(), node.key())));
            }
        }
        Answer.Cluster cluster = api.cluster(NAME);
        SortedMap<String, String> members = new TreeMap<>();
        cluster.members()
                .forEach(member ->
                        members.put(
                                member.name(),
                                "%s, stands: %s".formatted(member.state(), member.standing())));
        return new Outcome(
                run.state(),
                nodes,
                members,
                cluster.formed(),
                cluster.outputs().toString(),
                logs,
                TracePack.journal(journal).stream().sorted().toList());
    }
}
