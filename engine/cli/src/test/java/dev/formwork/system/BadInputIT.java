package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// What people and machines get wrong: each has a code that is clear, and says what to do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private static final Duration TO_APPLY = Duration.ofMinutes(2);

    @TempDir private static Path folder;
    private EngineProcess engine;
    private ApiClient api;

    @BeforeAll
    void startAnEngine() {
        engine = new EngineProcess(folder.resolve("data")).start(EngineOptions.USUAL);
        api = engine.api();
    }

    @AfterAll
    void endAll() {
        engine.close();
    }

    @Test
    void unknownKeysAndWrongTypesAreToldTogetherEachWithItsPlace() {
        ApiProblem refused =
                refusal(
                        """
                        kind: Cluster
                        name: bad
                        wrkflow: etcd-cluster
                        groups:
                          members: {count: many, provider: local}
                        """);

        assertThat(refused.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo("yaml.unknown-key");
                    assertThat(problem.detail()).contains("wrkflow");
                    assertThat(problem.hint()).contains("did you mean workflow?");
                    assertThat(problem.location().orElseThrow().line()).isEqualTo(3);
                })
                .anySatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo("yaml.wrong-type");
                    assertThat(problem.hint()).isPresent();
                    assertThat(problem.location().orElseThrow().line()).isEqualTo(5);
                });
    }

    @Test
    void aCycleIsPrintedAsAPath() {
        ApiProblem refused =
                refusal(
                        cluster("bad", "circle"),
                        pack(
                                "circle",
                                """
                                kind: Workflow
                                name: circle
                                version: 1.0.0
                                groups: [nodes]
                                steps:
                                  one: {on: nodes, uses: idle, needs: [three]}
                                  two: {on: nodes, uses: idle, needs: [one]}
                                  three: {on: nodes, uses: idle, needs: [two]}
                                """));

        assertThat(refused.code()).isEqualTo("workflow.cycle");
        assertThat(refused.detail())
                .containsPattern("one.*(two|three).*(two|three).*one|two.*two|three.*three");
        assertThat(refused.hint()).isNotEmpty();
    }

    @Test
    void anUnknownModuleIsToldWithTheNearestName() {
        ApiProblem refused = refusal(cluster("bad", "etcd-clutser"));

        assertThat(refused.code()).isEqualTo("module.unknown");
        assertThat(refused.hint()).contains("etcd-cluster");
    }

    @Test
    void anOutputThatNoModuleHasIsToldBeforeAnythingRuns() {
        ApiProblem refused =
                refusal(
                        cluster("bad", "misreads"),
                        pack(
                                "misreads",
                                """
                                kind: Workflow
                                name: misreads
                                version: 1.0.0
                                groups: [nodes]
                                steps:
                                  one: {on: nodes, uses: idle}
                                  two: {on: nodes, uses: idle, with: {word: "${{ steps.one.outputs.wrod }}"}}
                                """));

        assertThat(refused.code()).isEqualTo("expression.unknown-reference");
        assertThat(refused.hint()).contains("word");
    }

    @Test
    void aYamlBombIsRefused() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("a%d: &a%d [".formatted(i, i));
            yaml.append("*a%d, ".formatted(i - 1).repeat(10)).append("x]\n");
        }

        ApiProblem refused = refusal(yaml.toString());

        assertThat(refused.code()).isEqualTo("yaml.too-complex");
        assertThat(refused.hint()).isNotEmpty();
    }

    @Test
    void anOutputThatAStepDoesNotWriteFailsIt() {
        Answer.Node failed = failing("silent");

        assertThat(failed.code()).contains("agent.output-missing");
        assertThat(failed.reason()).contains("unsaid");
    }

    @Test
    void anOutputOf100MegabytesFailsItsStep() {
        Answer.Node failed = failing("huge");

        assertThat(failed.code()).contains("agent.output-too-large");
        assertThat(failed.reason()).contains("much");
    }

    @Test
    void aLogOfAGigabyteIsCutAtItsQuotaAndSaysSo() {
        Answer.Run run = apply("loud");

        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        byte[] log = api.log(run.id(), "it@loud-nodes-0");
        assertThat((long) log.length)
                .isBetween(
                        EngineOptions.USUAL.logBytes() / 2, EngineOptions.USUAL.logBytes() + 1024);
        String end = new String(log, log.length - 1024, 1024, StandardCharsets.UTF_8);
        assertThat(end).contains("cut");
    }

    @Test
    void anAgentThatNeverComesFailsTheBoot() {
        try (EngineProcess other = new EngineProcess(folder.resolve("absent"))) {
            other.start(
                    EngineOptions.USUAL
                            .withAgent("exec tail -f /dev/null")
                            .withBootDeadline(Duration.ofSeconds(3)));
            ApiClient there = other.api();
            String pack = TracePack.upload(there);
            Answer.Run run =
                    there.awaitEnd(
                            there.start(there.planApply(cluster("absent", "silent"), List.of(pack)))
                                    .id(),
                            TO_APPLY);

            assertThat(run.state()).isEqualTo("failed");
            Answer.Node boot = there.node(run.id(), "machine:boot@absent-nodes-0");
            assertThat(boot.code()).contains("machine.agent-absent");
            assertThat(there.explain(run.id(), boot.key()).hint()).isPresent();
        }
    }

    @Test
    void aPortInUseAndADataDirectoryInUseAreTold() throws InterruptedException {
        try (EngineProcess other = new EngineProcess(folder.resolve("other"))) {
            other.launch(EngineOptions.USUAL.withPort(engine.uri().getPort()));
            assertThat(other.awaitEnd(Duration.ofSeconds(60))).isEqualTo(1);
            assertThat(other.printed()).contains("PROBLEM\tserver.port-in-use").contains("--port");
        }
        Path data = engine.data();
        EngineProcess second = EngineProcess.besideAnother(data, folder.resolve("second.out"));
        second.launch(EngineOptions.USUAL);
        assertThat(second.awaitEnd(Duration.ofSeconds(60))).isEqualTo(1);
        assertThat(second.printed()).contains("PROBLEM\tstore.locked").doesNotContain("\tnull");
        assertThat(api.health()).isEqualTo(200);
    }

    @Test
    void aFullDiskIsToldAndOnceThereIsSpaceNothingIsLost() throws InterruptedException {
        Path mountPoint = folder.resolve("disk");
        Path data = mountPoint.resolve("data");
        try (FullDisk disk = FullDisk.mount(mountPoint, "96m");
                EngineProcess full = new EngineProcess(data, disk.view(data), disk.prefix())) {
            full.start(EngineOptions.USUAL);
            Path journal = folder.resolve("full.journal");
            String yaml = TracePack.cluster("full", "chain", 1, Map.of("journal", journal));
            String pack = TracePack.upload(full.api());
            Answer.Run run =
                    full.api()
                            .awaitEnd(
                                    full.api()
                                            .start(full.api().planApply(yaml, List.of(pack)))
                                            .id(),
                                    TO_APPLY);
            assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
            String log = full.api().logText(run.id(), "first@full-nodes-0");

            disk.fill();
            ApiProblem refused =
                    Await.some(
                            "the disk is full",
                            TO_APPLY,
                            () -> refusalOf(() -> full.api().upload(large())));

            assertThat(refused.code()).isEqualTo("store.full");
            assertThat(refused.hint()).contains("free some space");
            assertThat(full.api().health()).isEqualTo(503);
            assertThat(full.api().run(run.id()).state()).isEqualTo("succeeded");
            disk.free();
            full.kill();
            full.start(EngineOptions.USUAL);
            assertThat(full.api().health()).isEqualTo(200);
            assertThat(full.api().run(run.id()).state()).isEqualTo("succeeded");
            assertThat(full.api().logText(run.id(), "first@full-nodes-0")).isEqualTo(log);
            assertThat(full.api().planApply(yaml, List.of(pack)).changing()).isEmpty();
            assertThat(TracePack.journal(journal)).hasSize(5).doesNotHaveDuplicates();
        }
    }

    private Answer.Node failing(String workflow) {
        Answer.Run run = apply(workflow);
        assertThat(run.state()).isEqualTo("failed");
        Answer.Node node = api.node(run.id(), "it@" + workflow + "-nodes-0");
        assertThat(node.state()).isEqualTo("failed");
        assertThat(api.explain(run.id(), node.key()).hint()).isPresent();
        return node;
    }

    private Answer.Run apply(String workflow) {
        String pack = TracePack.upload(api);
        Answer.Plan plan = api.planApply(cluster(workflow, workflow), List.of(pack));
        return api.awaitEnd(api.start(plan).id(), TO_APPLY);
    }

    private static String cluster(String name, String workflow) {
        return """
        kind: Cluster
        name: %s
        workflow: %s
        groups:
          nodes: {count: 1, provider: local}
        """
                .formatted(name, workflow);
    }

    /// A pack of one workflow, and a task that does nothing.
    private static Map<String, byte[]> pack(String name, String workflow) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("pack.yaml", utf8("kind: Pack\nname: bad\nversion: 1.0.0\n"));
        files.put(name + "/module.yaml", utf8(workflow));
        files.put(
                "idle/module.yaml",
                utf8(
                        """
                        kind: Task
                        name: idle
                        version: 1.0.0
                        inputs: {word: {type: string, default: none}}
                        outputs: {word: {type: string}}
                        run: echo "$INPUT_WORD" >"$FORMWORK_OUTPUTS/word"
                        """));
        return files;
    }

    /// A pack that takes room.
    private static Map<String, byte[]> large() {
        Map<String, byte[]> files = pack("idle-twice", "kind: Interface\nname: idle-twice\n");
        byte[] much = new byte[4 << 20];
        new Random(1).nextBytes(much);
        files.put("idle/scripts/much", much);
        return files;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ApiProblem refusal(String yaml) {
        return catchThrowableOfType(ApiProblem.class, () -> api.planApply(yaml, List.of()));
    }

    private ApiProblem refusal(String yaml, Map<String, byte[]> pack) {
        return catchThrowableOfType(
                ApiProblem.class, () -> api.planApply(yaml, List.of(api.upload(pack))));
    }

    private static Optional<ApiProblem> refusalOf(Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (ApiProblem refused) {
            return Optional.of(refused);
        }
    }
}
