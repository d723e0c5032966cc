package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the words of a workflow that say how its steps run come to with real engines, agents and
/// scripts. All that they mean is tried in `YamlControlTest`, `YamlFailuresTest` and
/// `YamlTurnsTest`, without processes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NOTHING = ":";

    /// `+step@machine` when it begins, `-` when it ends well, `~` when it is undone.
    private static final String ACT =
            """
            kind: Task
            name: act
            version: 1.0.0
            inputs: {folder: {type: string}, do: {type: string}}
            outputs: {state: {type: string}}
            timeout: 1m
            run: |
              set -e
              me="$FORMWORK_STEP@$FORMWORK_MACHINE"
              echo "+$me" >>"$INPUT_FOLDER/log"
              echo ok >"$FORMWORK_OUTPUTS/state"
              eval "$INPUT_DO"
              echo "-$me" >>"$INPUT_FOLDER/log"
            """;

    @TempDir private static Path root;
    private EngineProcess engine;
    private ApiClient api;
    private Path folder;
    private String name;

    @BeforeAll
    void startAnEngine() {
        engine = new EngineProcess(root.resolve("data")).start(EngineOptions.USUAL);
        api = engine.api();
        Await.until(
                "the engine's own agent is there",
                PATIENCE,
                () -> api.machine("engine").state().equals("ready"));
    }

    @AfterAll
    void endAll() {
        engine.close();
    }

    @BeforeEach
    void begin(TestInfo test) throws IOException {
        name = "c" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
        folder = Files.createDirectory(root.resolve(name));
    }

    @Test
    void retryAndUntilRunAStepAgain() {
        String counts = "grep -c +wait \"$INPUT_FOLDER/log\" >\"$FORMWORK_OUTPUTS/state\"";
        Answer.Run run =
                onEngine(
                        "",
                        step("try", "test $FORMWORK_ATTEMPT = 3", "retry: {times: 2, delay: 1s}"),
                        step(
                                "wait",
                                counts,
                                "needs: [try]",
                                "until: {condition: \"${{ outputs.state == '2' }}\", max: 9,"
                                        + " delay: 1s}"));

        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(log())
                .containsExactly(
                        "+try@engine",
                        "+try@engine",
                        "+try@engine",
                        "-try@engine",
                        "+wait@engine",
                        "-wait@engine",
                        "+wait@engine",
                        "-wait@engine");
    }

    @Test
    void continueLetsTheRunSucceedWithoutWhatComesAfter() {
        Answer.Run run =
                onEngine(
                        "",
                        step("bad", "false", "on_failure: continue"),
                        step("after", NOTHING, "needs: [bad]"),
                        step("other", NOTHING));

        assertThat(run.state()).isEqualTo("succeeded");
        assertThat(run.reason()).startsWith("tolerated: bad@engine");
        assertThat(log())
                .containsExactlyInAnyOrder("+bad@engine", "+other@engine", "-other@engine");
    }

    @Test
    void undoTakesBackInTheReverseOrder() {
        Answer.Run run =
                onEngine(
                        "on_failure: undo",
                        step("one", NOTHING),
                        step("two", NOTHING, "needs: [one]"),
                        step("bad", "test -e \"$INPUT_FOLDER/good\"", "needs: [two]"),
                        step("last", NOTHING, "needs: [bad]"));

        assertThat(run.state()).isEqualTo("failed");
        assertThat(log())
                .containsExactly(
                        "+one@engine",
                        "-one@engine",
                        "+two@engine",
                        "-two@engine",
                        "+bad@engine",
                        "~two@engine",
                        "~one@engine");
    }

    @Test
    void aWorkflowRunsAfterAFailureAndNotWhereNothingFails() throws IOException {
        Answer.Run run =
                onEngine(
                        "on_failure: {run: rescue}",
                        step("bad", "test -e \"$INPUT_FOLDER/good\""),
                        "rescue: {uses: rescue, groups: {}, with: {folder: \"${{ inputs.folder }}\","
                                + " what: \"${{ failure.step + ' ' + failure.code }}\"}}\n");

        assertThat(run.state()).isEqualTo("failed");
        assertThat(log())
                .containsExactly(
                        "+bad@engine",
                        "+rescue/gather@engine",
                        "-rescue/gather@engine",
                        "+rescue/send@engine",
                        "bad step.failed",
                        "-rescue/send@engine");

        Files.createFile(folder.resolve("good"));
        assertThat(retried(run).state()).isEqualTo("succeeded");
        assertThat(log().subList(6, log().size())).containsExactly("+bad@engine", "-bad@engine");
    }

    @Test
    void timeoutOfAWorkflowEndsItsProcesses() {
        Answer.Run run =
                onEngine(
                        "timeout: 4s",
                        step("slow", "sleep 600 & wait"),
                        step("next", NOTHING, "needs: [slow]"));

        assertThat(run.state()).isEqualTo("failed");
        assertThat(api.node(run.id(), "slow@engine").code()).contains("workflow.timeout");
        assertThat(log()).containsExactly("+slow@engine");
        assertThat(HostProcesses.withVariable(List.of("INPUT_FOLDER=" + folder))).isEmpty();
    }

    @Test
    void mutexIsHeldByOneOfTwoRuns() throws IOException {
        Path gate = folder.resolve("gate");
        Command.run(Duration.ofSeconds(10), List.of("mkfifo", gate.toString())).orThrow();
        String first =
                startOnEngine(
                        name + "-1",
                        "",
                        step("one", "read -r _ <\"$INPUT_FOLDER/gate\"", "mutex: m"));
        Await.until("the first has it", PATIENCE, () -> log().equals(List.of("+one@engine")));
        String second = startOnEngine(name + "-2", "", step("two", NOTHING, "mutex: m"));
        Await.until(
                "the second waits for the first",
                PATIENCE,
                () ->
                        api.nodes(second).stream()
                                .anyMatch(
                                        node -> node.reason().contains("the mutex m, which one")));

        Files.writeString(gate, "on\n");

        assertThat(api.awaitEnd(first, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(api.awaitEnd(second, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(log())
                .containsExactly("+one@engine", "-one@engine", "+two@engine", "-two@engine");
    }

    /// The first says something only to a reader, who is there only if both run at a time.
    @Test
    void parallelStepsRunBesideOthersOfTheirMachine() {
        Command.run(Duration.ofSeconds(10), List.of("mkfifo", folder + "/pipe")).orThrow();
        Answer.Run run =
                onFleet(
                        on("nodes[0]", "says", "echo hi >\"$INPUT_FOLDER/pipe\"", "parallel: true"),
                        on(
                                "nodes[0]",
                                "hears",
                                "read -r _ <\"$INPUT_FOLDER/pipe\"",
                                "parallel: true"),
                        on("nodes[1]", "one", NOTHING),
                        on("nodes[1]", "two", NOTHING));

        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(log().stream().filter(line -> line.endsWith("-1")).map(line -> line.charAt(0)))
                .as("one at a time on the other machine")
                .containsExactly('+', '-', '+', '-');
    }

    @Test
    void aFailedCanaryStopsTheOthersAndARetryGoesOn() throws IOException {
        Path sick = Files.createFile(folder.resolve("sick"));
        Answer.Run run =
                onFleet(
                        on(
                                "nodes",
                                "serve",
                                NOTHING,
                                "strategy: {max_parallel: 2, canary: 1, max_failures: 2,"
                                        + " gate: health}"),
                        on("nodes", "health", "test ! -e \"$INPUT_FOLDER/sick\""));

        assertThat(run.state()).isEqualTo("failed");
        List<String> canary =
                List.of("+serve@fleet-nodes-0", "-serve@fleet-nodes-0", "+health@fleet-nodes-0");
        assertThat(log()).isEqualTo(canary);

        Files.delete(sick);
        assertThat(retried(run).state()).isEqualTo("succeeded");
        List<String> rest = log().subList(canary.size(), log().size());
        assertThat(rest).startsWith("+health@fleet-nodes-0", "-health@fleet-nodes-0").hasSize(10);
        for (String other : List.of("fleet-nodes-1", "fleet-nodes-2")) {
            assertThat(rest)
                    .containsSubsequence(
                            "+serve@" + other, "-serve@" + other,
                            "+health@" + other, "-health@" + other);
        }
    }

    private static String step(String name, String script, String... words) {
        return on("engine", name, script, words);
    }

    /// @param words the step's other keys
    private static String on(String where, String name, String script, String... words) {
        String rest = Stream.of(words).map(", "::concat).reduce("", String::concat);
        return "%s: {on: '%s', uses: act, with: {folder: \"${{ inputs.folder }}\", do: '%s'}%s}\n"
                .formatted(name, where, script, rest);
    }

    private Answer.Run onEngine(String word, String... steps) {
        return api.awaitEnd(startOnEngine(name, word, steps), PATIENCE);
    }

    private String startOnEngine(String cluster, String word, String... steps) {
        return start(cluster, "", workflow("test", "[]", "", word, String.join("", steps)));
    }

    /// On three machines, which the tests share.
    private Answer.Run onFleet(String... steps) {
        String workflow = workflow("test", "[nodes]", "", "", String.join("", steps));
        return api.awaitEnd(
                start("fleet", "nodes: {count: 3, provider: local}", workflow), PATIENCE);
    }

    private String start(String cluster, String groups, String workflow) {
        Map<String, byte[]> pack = new TreeMap<>();
        put(pack, "pack.yaml", "{kind: Pack, name: control, version: 1.0.0}");
        put(
                pack,
                "act/module.yaml",
                ACT + "undo: echo \"~$FORMWORK_STEP@$FORMWORK_MACHINE\" >>\"$INPUT_FOLDER/log\"\n");
        put(pack, "test/module.yaml", workflow);
        put(
                pack,
                "rescue/module.yaml",
                workflow(
                        "rescue",
                        "[]",
                        ", what: {type: string}",
                        "",
                        step("gather", NOTHING)
                                + "send: {on: engine, uses: act, needs: [gather], with: {folder:"
                                + " \"${{ inputs.folder }}\", do: \"${{ 'echo ' + inputs.what + ' >>"
                                + " $INPUT_FOLDER/log' }}\"}}\n"));
        String yaml =
                """
                kind: Cluster
                name: %s
                workflow: test
                groups: {%s}
                with: {folder: "%s"}
                """
                        .formatted(cluster, groups, folder);
        return api.start(api.planApply(yaml, List.of(api.upload(pack)))).id();
    }

    /// @param word another key
    private static String workflow(
            String name, String groups, String inputs, String word, String steps) {
        return """
        kind: Workflow
        name: %s
        version: 1.0.0
        groups: %s
        inputs: {folder: {type: string}%s}
        %s
        steps:
        %s
        """
                .formatted(name, groups, inputs, word, steps.indent(2));
    }

    private static void put(Map<String, byte[]> files, String file, String text) {
        files.put(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private Answer.Run retried(Answer.Run run) {
        api.tell(run.id(), "retry", Map.of());
        return api.awaitEnd(run.id(), PATIENCE);
    }

    private List<String> log() {
        return TracePack.journal(folder.resolve("log"));
    }
}
