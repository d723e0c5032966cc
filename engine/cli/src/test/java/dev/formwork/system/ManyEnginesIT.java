package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Three engines at work on one PostgreSQL database: processes that are killed and stopped, with
/// real agents.
class ManyEnginesIT {
    private static final String DATABASE = "engines";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// A lease is over after 3 s, and an agent gives up an engine that hangs after 18 s; the rest
    /// is for a host that does much else.
    private static final double SECONDS_TO_GO_ON = 45;

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<EngineProcess> engines = new ArrayList<>();
    private Optional<PostgresServer> postgres = Optional.empty();
    private EngineOptions options = EngineOptions.USUAL;

    @BeforeEach
    void startThree() throws IOException {
        Needs.nothing(PostgresServer.missing());
        PostgresServer server = PostgresServer.quick();
        opened.add(server);
        postgres = Optional.of(server);
        options =
                EngineOptions.USUAL
                        .withDatabaseOf(server, DATABASE)
                        .withMachinesIn(folder.resolve("engine-0/providers/local"));
        for (int i = 0; i < 3; i++) {
            Path data = folder.resolve("engine-" + i);
            if (i > 0) {
                Files.createDirectory(data);
                for (String key : List.of("engine.key", "api-token")) {
                    Files.copy(folder.resolve("engine-0").resolve(key), data.resolve(key));
                }
            }
            EngineProcess engine = new EngineProcess(data);
            opened.add(engine);
            engines.add(engine.start(options));
        }
    }

    @AfterEach
    void endAll() throws Exception {
        // The last first, and the one whose directory the machines are in after the others.
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private void awaitEvenShares(List<EngineProcess> living) {
        for (EngineProcess engine : living) {
            Await.until(
                    "the shares are even",
                    PATIENCE,
                    () -> {
                        List<Answer.Engine.Share> shares = engine.api().engines();
                        int least = 64 / living.size();
                        return shares.size() == living.size()
                                && shares.stream()
                                        .allMatch(share ->
                                                share.shards() >= least
                                                        && share.shards() <= least + 2);
                    });
        }
    }

    /// The engine that runs a run says so in its log.
    private EngineProcess owner(String run) {
        return Await.some(
                "an engine has the run",
                PATIENCE,
                () ->
                        engines.stream()
                                .filter(engine -> log(engine).contains("run=" + run))
                                .findFirst());
    }

    private static String log(EngineProcess engine) {
        try {
            return Files.readString(engine.data().resolve("engine.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<EngineProcess> others(EngineProcess engine) {
        return engines.stream().filter(each -> each != engine).toList();
    }

    @Test
    void whatAClusterOfOneEngineGivesBackThatOfAnotherGets() {
        awaitEvenShares(engines);
        engines.getFirst()
                .api()
                .applyPool("kind: Pool\nname: metal\nmake: {provider: local, most: 1}\n");
        String pack = TracePack.upload(engines.getFirst().api());
        String red = take(engines.get(1).api(), "red", pack);
        assertThat(engines.get(1).api().awaitEnd(red, PATIENCE).state()).isEqualTo("succeeded");
        String blue = take(engines.get(2).api(), "blue", pack);
        ApiClient api = engines.getFirst().api();
        Await.until(
                "it waits",
                PATIENCE,
                () -> api.node(blue, "machine:allocate@blue-nodes-0").state().equals("waiting"));
        String machine = api.machine("red-nodes-0").id();
        Answer.Run end = api.start(api.planDestroy("red"));

        assertThat(engines.get(1).api().awaitEnd(end.id(), PATIENCE).state())
                .isEqualTo("succeeded");
        assertThat(engines.get(2).api().awaitEnd(blue, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(api.machine("blue-nodes-0").id()).isEqualTo(machine);
    }

    private String take(ApiClient api, String cluster, String pack) {
        Path journal = folder.resolve("journal-" + cluster);
        String yaml =
                TracePack.cluster(cluster, "chain", 1, Map.of("journal", journal))
                        .replace("provider: local", "pool: metal");
        return api.start(api.planApply(yaml, List.of(pack))).id();
    }

    @Test
    void allOfThemWorkAndAnyOfThemAnswers() {
        awaitEvenShares(engines);
        Map<String, Path> journals = new HashMap<>();
        String pack = TracePack.upload(engines.getFirst().api());
        for (int i = 0; i < 6; i++) {
            String cluster = "c" + i;
            Path journal = folder.resolve("journal-" + i);
            ApiClient api = engines.get(i % 3).api();
            String yaml = TracePack.cluster(cluster, "chain", 1, Map.of("journal", journal));
            journals.put(api.start(api.planApply(yaml, List.of(pack))).id(), journal);
        }
        journals.forEach((run, journal) -> {
            for (EngineProcess engine : engines) {
                Answer.Run ended = engine.api().awaitEnd(run, PATIENCE);
                assertThat(ended.state()).as(ended.reason()).isEqualTo("succeeded");
            }
            assertThat(TracePack.journal(journal)).isNotEmpty().doesNotHaveDuplicates();
        });
        assertThat(journals.keySet().stream().map(this::owner).distinct().count())
                .as("more than one engine ran them")
                .isGreaterThan(1);
        runsOverMachinesOfSeveralEngines(pack);
    }

    /// A run over machines of all clusters, wherever they are.
    private void runsOverMachinesOfSeveralEngines(String pack) {
        ApiClient api = engines.getFirst().api();
        List<String> machines =
                api.machines().stream()
                        .map(Answer.Machine::name)
                        .filter(name -> name.startsWith("c"))
                        .sorted()
                        .toList();
        assertThat(machines).hasSize(6);
        Path journal = folder.resolve("journal-all");
        Answer.Plan plan =
                api.plan(
                        Map.of(
                                "kind",
                                "module",
                                "module",
                                "trace/again",
                                "machines",
                                machines,
                                "with",
                                Map.of("journal", journal.toString()),
                                "packs",
                                List.of(pack)));
        Answer.Run ended = api.awaitEnd(api.start(plan).id(), PATIENCE);
        assertThat(ended.state()).as(ended.reason()).isEqualTo("succeeded");
        assertThat(TracePack.journal(journal)).hasSize(6).doesNotHaveDuplicates();
    }

    /// By the times that the engines gave its events.
    private void assertWentOnSoon(Gated gated, Instant since) {
        String seconds =
                sql(
                        """
                        select extract(epoch from min(happened_at) - timestamptz '%2$s')
                        from events where run_id = '%1$s' and happened_at > timestamptz '%2$s'\
                        """
                                .formatted(gated.run(), since));
        assertThat(Double.parseDouble(seconds))
                .as("for how many seconds it stood still")
                .isLessThan(SECONDS_TO_GO_ON);
    }

    /// All that is stored of it.
    private String stored(Gated gated) {
        return Stream.of("runs", "nodes", "jobs", "events")
                .map(table ->
                        sql(
                                "select * from %s where run_id = '%s' order by 1, 2"
                                        .formatted(table, gated.run())))
                .collect(Collectors.joining("\n"));
    }

    private String sql(String sql) {
        return postgres.orElseThrow().sql(DATABASE, sql);
    }

    @Test
    void theOthersGoOnWithTheRunOfAnEngineThatIsKilledAndItTakesPartAgain()
            throws InterruptedException {
        awaitEvenShares(engines);
        Gated gated = Gated.start(engines.getFirst(), folder, "gated-once", "killed");
        EngineProcess owner = owner(gated.run());
        Instant killed = Instant.now();
        owner.kill();
        EngineProcess other = others(owner).getFirst();
        gated.open("after the kill");

        gated.on(other).assertSucceededOnce("after the kill");
        assertThat(CliProcess.run(0, other.data(), folder, "replay", gated.run()))
                .as("what two engines did is one history")
                .contains("same states again");
        assertWentOnSoon(gated, killed);
        awaitEvenShares(others(owner));
        owner.start(options);
        awaitEvenShares(engines);
    }

    @Test
    void anEngineThatWasStoppedIsReplacedAndWritesNothingLate() {
        awaitEvenShares(engines);
        Gated gated = Gated.start(engines.getFirst(), folder, "gated-once", "stopped");
        EngineProcess owner = owner(gated.run());
        Instant stopped = Instant.now();
        owner.signal("STOP");
        EngineProcess other = others(owner).getFirst();
        gated.open("after the stop");
        gated.on(other).assertSucceededOnce("after the stop");
        assertWentOnSoon(gated, stopped);
        awaitEvenShares(others(owner));
        String stored = stored(gated);

        // What its agent had said to it meanwhile it finds now.
        owner.signal("CONT");

        ApiClient stale = owner.api();
        Await.until("it says so", PATIENCE, () -> stale.healthText().contains("store.fenced"));
        assertThat(stale.health()).isEqualTo(503);
        assertThat(other.api().health()).isEqualTo(200);
        assertThat(stored(gated)).as("nothing late was written").isEqualTo(stored);
    }
}
