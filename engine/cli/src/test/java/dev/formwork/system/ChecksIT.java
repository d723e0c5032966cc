package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

/// Drift: a plan asks the machines whether they are still as they were made, and says what it was
/// told, or that nobody could tell.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChecksIT {
    private static final String NAME = "checked";
    private static final String ZERO = NAME + "-nodes-0";
    private static final String ONE = NAME + "-nodes-1";
    private static final Duration LEASE = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private static Path folder;
    private EngineProcess engine;
    private ApiClient api;
    private String pack;

    @BeforeAll
    void formACluster() {
        engine =
                new EngineProcess(folder.resolve("data"))
                        .start(EngineOptions.USUAL.withLease(LEASE).withAgent(agent()));
        api = engine.api();
        pack = api.upload(pack());
        apply(plan());
    }

    @AfterAll
    void endAll() {
        engine.close();
    }

    @AfterEach
    void isAsItWas() {
        Answer.Plan plan = plan();
        assertThat(plan.summary().empty()).as(plan.toString()).isTrue();
    }

    /// The agent, unless a file says that its machine's stays away.
    private static String agent() {
        return """
        test ! -e '%s/away-'"$FORMWORK_MACHINE" || exec tail -f /dev/null
        exec '%s' -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s/*' dev.formwork.agent.Main
        """
                .formatted(folder, Checkout.java(), Checkout.agentJars());
    }

    @Test
    void aCheckThatHoldsIsUnchanged() {
        assertThat(decisions()).isEqualTo(Map.of(ZERO, "unchanged", ONE, "unchanged"));
    }

    @Test
    void whatHasDriftedWillRunAndIsAsWantedAgain() throws IOException {
        Files.writeString(file(ONE), "drifted\n");

        Answer.Plan plan = plan();

        assertThat(decisions(plan)).isEqualTo(Map.of(ZERO, "unchanged", ONE, "will_run"));
        apply(plan);
        assertThat(file(ONE)).hasContent("wanted");
    }

    @Test
    void aCheckThatDoesNotKnowMayRun() throws IOException {
        Files.writeString(file(ZERO), "unsure\n");

        assertThat(decisions()).isEqualTo(Map.of(ZERO, "may_run", ONE, "unchanged"));

        Files.writeString(file(ZERO), "wanted\n");
    }

    @Test
    void whereTheAgentIsAwayItMayRun() throws IOException {
        Path away = Files.writeString(folder.resolve("away-" + ONE), "");
        HostProcesses.ofMachine(api.machine(ONE).id(), "dev.formwork.agent.Main")
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        awaitState("unreachable");

        assertThat(decisions()).isEqualTo(Map.of(ZERO, "unchanged", ONE, "may_run"));

        Files.delete(away);
        awaitState("ready");
    }

    private void awaitState(String state) {
        Await.until(ONE + " is " + state, PATIENCE, () -> api.machine(ONE).state().equals(state));
    }

    private Map<String, String> decisions() {
        return decisions(plan());
    }

    private static Map<String, String> decisions(Answer.Plan plan) {
        Map<String, String> decisions = new TreeMap<>();
        plan.nodes().stream()
                .filter(node -> node.action().equals("step"))
                .forEach(node -> decisions.put(node.machine().orElseThrow(), node.decision()));
        return decisions;
    }

    private Answer.Plan plan() {
        return api.planApply(
                TracePack.cluster(NAME, "files", 2, Map.of("folder", folder)), List.of(pack));
    }

    private void apply(Answer.Plan plan) {
        Answer.Run run = api.awaitEnd(api.start(plan).id(), PATIENCE);
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
    }

    private static Path file(String machine) {
        return folder.resolve("file-" + machine);
    }

    private static Map<String, byte[]> pack() {
        return Map.of(
                "pack.yaml",
                utf8("{kind: Pack, name: checks, version: 1.0.0}"),
                "file/module.yaml",
                utf8(
                        """
                        kind: Task
                        name: file
                        version: 1.0.0
                        inputs: {folder: {type: string}}
                        check: |
                          case "$(cat "$INPUT_FOLDER/file-$FORMWORK_MACHINE")" in
                            wanted) exit 0 ;;
                            unsure) exit 2 ;;
                            *) exit 1 ;;
                          esac
                        run: echo wanted >"$INPUT_FOLDER/file-$FORMWORK_MACHINE"
                        """),
                "files/module.yaml",
                utf8(
                        """
                        kind: Workflow
                        name: files
                        version: 1.0.0
                        groups: [nodes]
                        inputs: {folder: {type: string}}
                        steps: {file: {on: nodes, uses: file, with: {folder: "${{ inputs.folder }}"}}}
                        """));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
