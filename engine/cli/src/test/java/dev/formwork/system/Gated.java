package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A run on one machine whose first step waits in its middle until the test says on.
///
/// @param gate the pipe it waits at
/// @param log where each start of a step leaves a line
record Gated(EngineProcess engine, Path gate, Path log, String run, String machine, String id) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Starts the run, and waits until its step waits.
    static Gated start(EngineProcess engine, Path folder, String workflow, String cluster) {
        return start(engine, folder, workflow, cluster, plan -> engine.api().start(plan));
    }

    /// @param starter applies the plan, itself or by somebody else
    static Gated start(
            EngineProcess engine,
            Path folder,
            String workflow,
            String cluster,
            Consumer<Answer.Plan> starter) {
        Path gate = folder.resolve("gate");
        Path log = folder.resolve("journal");
        Command.run(Duration.ofSeconds(10), List.of("mkfifo", gate.toString())).orThrow();
        ApiClient api = engine.api();
        String yaml = TracePack.cluster(cluster, workflow, 1, Map.of("journal", log, "gate", gate));
        starter.accept(api.planApply(yaml, List.of(TracePack.upload(api))));
        Answer.Run run =
                Await.some(
                        "the run is there", PATIENCE, () -> api.runs(cluster).stream().findFirst());
        String machine = cluster + "-nodes-0";
        Await.until(
                "the step waits",
                PATIENCE,
                () ->
                        !TracePack.journal(log).isEmpty()
                                && api.logText(run.id(), "wait@" + machine).contains("line 1"));
        return new Gated(engine, gate, log, run.id(), machine, api.machine(machine).id());
    }

    /// The same run, seen through another engine.
    Gated on(EngineProcess other) {
        return new Gated(other, gate, log, run, machine, id);
    }

    String step() {
        return "wait@" + machine;
    }

    /// Lets the step go on.
    void open(String word) {
        Command.run(
                        Duration.ofSeconds(30),
                        List.of("sh", "-c", "echo \"$0\" >\"$1\"", word, gate.toString()))
                .orThrow();
    }

    void awaitEndOfStep() {
        Await.until(
                "the step has ended",
                PATIENCE,
                () -> HostProcesses.ofMachine(id, "scripts/run.sh").isEmpty());
    }

    void awaitStarts(int count) {
        Await.until("it has started again", PATIENCE, () -> journal().size() >= count);
    }

    void killAgent() {
        List<Long> agents = HostProcesses.ofMachine(id, "dev.formwork.agent.Main");
        assertThat(agents).hasSize(1);
        kill(agents);
    }

    /// Everything at once, the step too.
    void killMachine() {
        kill(HostProcesses.withVariable(List.of("FORMWORK_MACHINE_ID=" + id)));
        awaitEndOfStep();
    }

    void awaitUnreachableAndReady() {
        try (EventStream events = engine.api().events(0)) {
            Await.until(
                    "the machine was unreachable and is ready again",
                    PATIENCE,
                    () -> {
                        List<String> states = events.states("machine.changed", machine);
                        int unreachable = states.lastIndexOf("unreachable");
                        return unreachable >= 0 && unreachable < states.lastIndexOf("ready");
                    });
        }
    }

    Answer.Node awaitQuestion() {
        return Await.some(
                "the step asks",
                PATIENCE,
                () ->
                        Optional.of(engine.api().node(run, step()))
                                .filter(node -> node.question().isPresent()));
    }

    List<String> journal() {
        return TracePack.journal(log);
    }

    void assertSucceededOnce(String word) {
        ApiClient api = engine.api();
        Answer.Run ended = api.awaitEnd(run, PATIENCE);
        assertThat(ended.state()).as(ended.reason()).isEqualTo("succeeded");
        assertThat(journal()).containsExactly(step(), "after@" + machine);
        assertThat(api.node(run, step()).attempt()).isEqualTo(1);
        assertThat(api.logText(run, step())).isEqualTo("line 1\nline 2 " + word + "\n");
        assertThat(TracePack.numbered(api.logText(run, "after@" + machine)))
                .isEqualTo(TracePack.numberedLines());
    }

    private static void kill(List<Long> pids) {
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
