package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What people do about a run that is under way, has failed, or asks: the program as a process, the
/// engine and the agents as processes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliVerbsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private static Path root;
    private EngineProcess engine;
    private ApiClient api;
    private Path folder;
    private String cluster;

    @BeforeAll
    void startAnEngine() {
        engine = new EngineProcess(root.resolve("data")).start(EngineOptions.USUAL);
        api = engine.api();
    }

    @AfterAll
    void endAll() {
        engine.close();
    }

    @BeforeEach
    void begin(TestInfo test) throws IOException {
        // A cluster of the test's own.
        cluster =
                "c" + Integer.toHexString(test.getTestMethod().orElseThrow().getName().hashCode());
        folder = Files.createDirectory(root.resolve(cluster));
        write("pack.yaml", "{kind: Pack, name: verbs, version: 1.0.0}");
        write(
                "once/module.yaml",
                """
                kind: Task
                name: once
                version: 1.0.0
                inputs: {folder: {type: string}}
                outputs: {mark: {type: string}}
                repeat: at-most-once
                run: |
                  echo tried >>"$INPUT_FOLDER/attempts"
                  test -e "$INPUT_FOLDER/good" || exit 1
                  echo by-itself >"$FORMWORK_OUTPUTS/mark"
                """);
        write(
                "say/module.yaml",
                """
                kind: Task
                name: say
                version: 1.0.0
                inputs: {folder: {type: string}, word: {type: string}}
                run: echo "$INPUT_WORD" >>"$INPUT_FOLDER/said"
                """);
        write(
                "tries/module.yaml",
                """
                kind: Workflow
                name: tries
                version: 1.0.0
                groups: [nodes]
                inputs: {folder: {type: string}}
                steps: {once: {on: nodes, uses: once, with: {folder: "${{ inputs.folder }}"}}}
                outputs: {mark: "${{ steps.once.all.outputs.mark }}"}
                """);
        write(
                "speech/module.yaml",
                """
                kind: Workflow
                name: speech
                version: 1.0.0
                groups: [nodes]
                inputs: {folder: {type: string}, word: {type: string}}
                steps:
                  first: {on: nodes, uses: say, with: {folder: "${{ inputs.folder }}", word: "${{ inputs.word }}"}}
                  last: {on: nodes, uses: say, with: {folder: "${{ inputs.folder }}", word: bye}, needs: [first]}
                """);
    }

    @Test
    void aRetriedStepThatMayHappenOnceAsksAndRunsAgainWhereItDidNotHappen() throws IOException {
        String run = failedOnce();
        write("good", "");

        formwork(0, "resolve", run, "once", "--not-happened");

        assertThat(api.awaitEnd(run, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(lines("attempts")).hasSize(2);
        assertThat(api.cluster(cluster).outputs().toString()).contains("by-itself");
        assertThat(formwork(0, "replay", run)).contains(run, "same states again");
    }

    @Test
    void aRetriedStepThatMayHappenOnceAsksAndIsTakenAtAPersonsWord() throws IOException {
        String run = failedOnce();

        formwork(0, "resolve", run, "once", "--happened", "--with-output", "mark=by-hand");

        assertThat(api.awaitEnd(run, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(lines("attempts")).hasSize(1);
        assertThat(api.cluster(cluster).outputs().toString()).contains("by-hand");
        assertThat(formwork(1, "resolve", run, "once", "--happened")).contains("run.not-open");
    }

    /// A run whose only step failed, was retried, and asks whether it happened.
    private String failedOnce() throws IOException {
        clusterFile("tries", "{folder: \"" + folder + "\"}");
        assertThat(formwork(3, "apply", "cluster.yaml", "--yes")).contains("Failed: once");
        String run = api.runs(cluster).getFirst().id();

        assertThat(formwork(0, "replay", run)).contains("same states again");
        assertThat(formwork(4, "retry", run))
                .contains("waits", "resolve " + run, "--happened", "--not-happened");
        assertThat(lines("attempts")).as("it has not run again").hasSize(1);
        assertThat(formwork(1, "replay", run)).contains("replay.run-open");
        assertThat(formwork(0, "explain", run, "once")).contains("once@", "waiting", "resolve");
        return run;
    }

    @Test
    void whatGoesBeyondItsPlanWaitsUntilItIsApproved() throws IOException {
        clusterFile("speech", "{folder: \"" + folder + "\", word: hello}");
        formwork(0, "apply", "cluster.yaml", "--yes");
        clusterFile("speech", "{folder: \"" + folder + "\", word: servus}");
        assertThat(formwork(2, "plan", "cluster.yaml", "--detailed-exitcode"))
                .contains("word changed", "1 step to run");
        formwork(0, "plan", "cluster.yaml", "--out", "plan.json", "-o", "json");
        String digest =
                JsonMapper.shared()
                        .readTree(Files.readString(folder.resolve("plan.json")))
                        .path("digest")
                        .asString();

        // After the plan, which says of it: unchanged.
        formwork(0, "taint", cluster, "last@" + machine());
        assertThat(formwork(4, "apply", "--plan", digest, "--yes"))
                .contains("waits", "approve r-", "last@" + machine());
        assertThat(lines("said")).containsExactly("hello", "bye", "servus");
        String run = api.runs(cluster).getFirst().id();
        assertThat(formwork(0, "approve", run, "last")).contains("Approved: last@");

        assertThat(api.awaitEnd(run, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(lines("said")).containsExactly("hello", "bye", "servus", "bye");
        assertThat(formwork(1, "approve", run, "last")).contains("run.not-open");
    }

    /// The same step on two machines: what is set for one reruns there, and nowhere else.
    @Test
    void aMachinesOwnParametersCountThereAndInTheNextPlan() throws IOException {
        write(
                "layered/module.yaml",
                """
                kind: Workflow
                name: layered
                version: 1.0.0
                groups: [nodes]
                inputs:
                  folder: {type: string}
                  word: {type: string, default: from-schema}
                steps:
                  say: {on: nodes, uses: say, with: {folder: "${{ inputs.folder }}", word: "${{ params.word }}"}}
                """);
        write("profiles/small.yaml", "{kind: Profile, name: small, values: {word: from-profile}}");
        write(
                "cluster.yaml",
                """
                kind: Cluster
                name: %s
                workflow: layered
                groups: {nodes: {count: 2, provider: local, with: {word: from-group}}}
                with: {folder: "%s"}
                """
                        .formatted(cluster, folder));
        formwork(0, "apply", "cluster.yaml", "--yes");
        assertThat(lines("said")).containsExactly("from-group", "from-group");
        assertThat(formwork(0, "params", machine()))
                .containsPattern("word +from-group +group.* +from-schema \\(default");

        assertThat(formwork(0, "machine", "profile", machine(), "small"))
                .containsPattern("takes profiles small")
                .containsPattern("word +from-profile");
        assertThat(formwork(0, "machine", "set", machine(), "word=from-machine"))
                .containsPattern("word +from-machine +machine.*from-profile");
        assertThat(formwork(1, "machine", "set", machine(), "wrod=x"))
                .contains("param.unknown", "word");
        assertThat(formwork(2, "plan", "cluster.yaml", "--detailed-exitcode"))
                .contains("word changed", "1 step to run");
        formwork(0, "apply", "cluster.yaml", "--yes");
        assertThat(lines("said")).containsExactly("from-group", "from-group", "from-machine");

        formwork(0, "machine", "set", machine(), "--unset", "word");
        assertThat(formwork(0, "params", machine(), "-o", "json"))
                .contains("from-profile", "\"profiles\"");
        formwork(0, "machine", "profile", machine());
        assertThat(formwork(0, "params", machine())).containsPattern("word +from-group");
    }

    @Test
    void aRunThatIsPausedStartsNothingUntilItIsResumed() {
        Gated gated = Gated.start(engine, folder, "gated-once", cluster);
        String run = gated.run();
        formwork(0, "pause", run, "--reason", "lunch");
        gated.open("meanwhile");
        Await.until(
                "what ran has ended",
                PATIENCE,
                () -> api.node(run, gated.step()).state().equals("succeeded"));

        assertThat(api.node(run, "after@" + machine()).state()).isEqualTo("blocked");
        assertThat(formwork(0, "status", run)).contains("paused", "lunch");
        assertThat(formwork(0, "explain", run, "after")).contains("paused", "lunch");

        formwork(0, "resume", run);
        gated.assertSucceededOnce("meanwhile");
        assertThat(formwork(1, "resume", run)).contains("run.");
    }

    @Test
    void aStepThatWasSkippedCountsAsDoneAndEachVerbSaysSoInJson() throws IOException {
        clusterFile("tries", "{folder: \"" + folder + "\"}");
        formwork(3, "apply", "cluster.yaml", "--yes");
        String run = api.runs(cluster).getFirst().id();
        assertThat(formwork(64, "skip", run, "once")).contains("--reason");

        assertThat(json("skip", run, "once", "--reason", "it is there").path("state").asString())
                .isEqualTo("skipped");

        assertThat(api.awaitEnd(run, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(lines("attempts")).as("it has not run again").hasSize(1);
        JsonNode status = json("status", run);
        assertThat(status.path("state").asString()).isEqualTo("succeeded");
        assertThat(status.path("node_list").valueStream().map(it -> it.path("reason").asString()))
                .anyMatch(reason -> reason.contains("it is there"));
        assertThat(json("status", cluster).at("/members/0/name").asString()).isEqualTo(machine());
        assertThat(json("status").path("clusters").isArray()).isTrue();
        assertThat(json("runs", cluster).at("/items/0/id").asString()).isEqualTo(run);
        assertThat(json("machines", machine()).path("name").asString()).isEqualTo(machine());
        assertThat(json("explain", run, "once").path("reason").asString()).contains("it is there");
        assertThat(json("replay", run).path("equal").asBoolean()).isTrue();
        assertThat(json("plan", "cluster.yaml").at("/summary/empty").isBoolean()).isTrue();
    }

    /// What the verb prints on its standard output.
    private JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        try (CliProcess cli = start(all.toArray(String[]::new))) {
            cli.awaitEnd(0);
            return JsonMapper.shared().readTree(cli.out());
        }
    }

    @Test
    void cancelEndsWhatRunsAndTellsWhoWatches() {
        try (Watched watched = new Watched()) {
            String run = watched.gated().run();

            assertThat(formwork(0, "cancel", cluster)).contains("Run " + run);

            watched.cli().awaitEnd(3);
            assertThat(watched.cli().out()).contains("cancelled", "retry " + run);
            assertThat(api.run(run).state()).isEqualTo("cancelled");
            assertThat(formwork(0, "replay", cluster)).contains("same states again");
            watched.gated().awaitEndOfStep();
            assertThat(formwork(1, "cancel", cluster)).contains("run.not-open");
        }
    }

    @Test
    void ctrlCDetachesAndTheRunGoesOn() {
        try (Watched watched = new Watched()) {
            String run = watched.gated().run();

            watched.cli().interrupt();

            watched.cli().awaitEnd(130);
            assertThat(watched.cli().err())
                    .contains("Detached: the run goes on.", "status " + run, "cancel " + run);
            assertThat(api.run(run).state()).isEqualTo("running");
            watched.gated().open("on");
            watched.gated().assertSucceededOnce("on");
        }
    }

    @Test
    void logsFollowAStepToItsEnd() {
        Gated gated = Gated.start(engine, folder, "gated-once", cluster);
        try (CliProcess logs = start("logs", "-f", gated.run(), "wait")) {
            logs.awaitOutput("line 1\n");
            assertThat(logs.isAlive()).isTrue();

            gated.open("at last");

            logs.awaitEnd(0);
            assertThat(logs.out()).isEqualTo("line 1\nline 2 at last\n");
        }
        gated.assertSucceededOnce("at last");
        assertThat(formwork(0, "logs", "-f", cluster))
                .contains("wait@" + gated.machine() + " | line 2 at last\n")
                .contains("after@" + gated.machine() + " | line 40 ");
    }

    /// A run whose first step waits, applied and watched by the program.
    private final class Watched implements AutoCloseable {
        private final List<CliProcess> started = new ArrayList<>();
        private final Gated gated =
                Gated.start(
                        engine,
                        folder,
                        "gated-once",
                        cluster,
                        plan -> started.add(start("apply", "--plan", plan.digest(), "--yes")));

        Watched() {
            cli().awaitOutput("nodes done");
        }

        Gated gated() {
            return gated;
        }

        CliProcess cli() {
            return started.getFirst();
        }

        @Override
        public void close() {
            started.forEach(CliProcess::close);
        }
    }

    private String formwork(int exitCode, String... arguments) {
        return CliProcess.run(exitCode, engine.data(), folder, arguments);
    }

    private CliProcess start(String... arguments) {
        return CliProcess.start(engine.data(), folder, arguments);
    }

    private String machine() {
        return cluster + "-nodes-0";
    }

    private void clusterFile(String workflow, String with) throws IOException {
        write(
                "cluster.yaml",
                """
                kind: Cluster
                name: %s
                workflow: %s
                groups: {nodes: {count: 1, provider: local}}
                with: %s
                """
                        .formatted(cluster, workflow, with));
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
