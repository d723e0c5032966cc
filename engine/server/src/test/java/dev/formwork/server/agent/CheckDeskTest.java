package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.plan.PlanRequest.CheckAnswer;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// Checks without an engine: an agent that is woken answers before the desk goes on.
class CheckDeskTest {
    private static final NodeKey ON_A = NodeKey.of("store/file", "a");
    private static final NodeKey ON_B = NodeKey.of("store/file", "b");
    private static final NodeKey ON_ENGINE = NodeKey.of("store/file", NodeKey.ENGINE);
    private static final CheckDesk.Patience LONG =
            new CheckDesk.Patience(Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final CheckDesk.Patience NONE =
            new CheckDesk.Patience(Duration.ofMinutes(5), Duration.ZERO);
    private static final CheckAnswer LATE =
            new CheckAnswer(CheckAnswer.Kind.UNKNOWN, "a plan waits no longer than 0 s");

    private final InMemoryStore store = new InMemoryStore();
    private final List<MachineId> woken = new ArrayList<>();

    CheckDeskTest() {
        machine("a", Machine.State.READY);
        machine("b", Machine.State.READY);
        machine(NodeKey.ENGINE, Machine.State.READY);
    }

    @Test
    void givesWhatAgentsAnswerAndTakesEverythingElseForNoAnswer() {
        for (Outcome outcome : Outcome.values()) {
            CheckAnswer expected =
                    switch (outcome) {
                        case HOLDS -> CheckAnswer.HOLDS;
                        case DOES_NOT_HOLD -> CheckAnswer.DOES_NOT_HOLD;
                        case TIMED_OUT ->
                                new CheckAnswer(
                                        CheckAnswer.Kind.UNKNOWN, "it took longer than 120 s");
                        default -> CheckAnswer.UNKNOWN;
                    };

            Map<NodeKey, CheckAnswer> answers =
                    ask(
                            LONG,
                            (desk, machine) -> {
                                String job = offered(desk, machine).id().value();
                                desk.started(agent(machine), job);
                                desk.reported(agent(machine), job, report(outcome));
                            },
                            ON_A);

            assertThat(answers).as(outcome.wireName()).isEqualTo(Map.of(ON_A, expected));
        }
    }

    @Test
    void givesOnWhatWouldChangeAndWhyThereIsNoAnswer() {
        assertThat(ask(new Told(Outcome.DOES_NOT_HOLD, null, "3 to add, 0 to change\n")))
                .isEqualTo(
                        new CheckAnswer(CheckAnswer.Kind.DOES_NOT_HOLD, "3 to add, 0 to change?"));
        assertThat(ask(new Told(Outcome.CHECK_UNKNOWN, "terraform.locked", "it is locked")))
                .isEqualTo(new CheckAnswer(CheckAnswer.Kind.UNKNOWN, "it is locked"));
        assertThat(ask(new Told(Outcome.CHECK_UNKNOWN, null, "the check ended with 2")))
                .isEqualTo(CheckAnswer.UNKNOWN);
    }

    private record Told(Outcome outcome, @Nullable String code, String detail) {}

    private @Nullable CheckAnswer ask(Told told) {
        return ask(
                        LONG,
                        (desk, machine) ->
                                desk.reported(
                                        agent(machine),
                                        offered(desk, machine).id().value(),
                                        new Report(
                                                0,
                                                1,
                                                told.outcome(),
                                                1,
                                                told.code(),
                                                told.detail(),
                                                Map.of(),
                                                0,
                                                "boot-1")),
                        ON_A)
                .get(ON_A);
    }

    @Test
    void offersAReadOnlyJobWithTheInputsThatTheResultWasRecordedWith() {
        List<Job> jobs = new ArrayList<>();

        ask(NONE, (desk, machine) -> jobs.add(offered(desk, machine)), ON_A);

        Job job = jobs.getFirst();
        assertThat(job.mode()).isEqualTo(JobMode.CHECK);
        assertThat(job.script()).isNull();
        assertThat(job.token()).as("below every attempt's").isZero();
        assertThat(job.cluster()).isEqualTo("demo");
        assertThat(job.step()).isEqualTo("store/file");
        assertThat(job.inputs().get("word")).hasToString("\"hello\"");
        assertThat(job.inputs().get("password")).hasToString("\"sesame\"");
        assertThat(job.secrets()).containsExactly("password");
    }

    @Test
    void givesACheckItsStepsTimeoutAndNoMoreThanAPlanWaits() {
        assertThat(timeout(LONG)).isEqualTo(120);
        assertThat(timeout(new CheckDesk.Patience(Duration.ZERO, Duration.ofSeconds(90))))
                .isEqualTo(90);
    }

    private long timeout(CheckDesk.Patience patience) {
        List<Job> jobs = new ArrayList<>();
        ask(
                patience,
                (desk, machine) -> {
                    jobs.add(offered(desk, machine));
                    holds(desk, machine);
                },
                ON_A);
        return jobs.getFirst().timeoutSeconds();
    }

    @Test
    void asksEachMachineItsOwn() {
        Map<NodeKey, CheckAnswer> answers =
                ask(
                        LONG,
                        (desk, machine) -> {
                            Outcome outcome =
                                    machine.equals(id("a")) ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
                            String job = offered(desk, machine).id().value();
                            desk.reported(agent(machine), job, report(outcome));
                        },
                        ON_A,
                        ON_B,
                        ON_ENGINE);

        assertThat(answers)
                .isEqualTo(
                        Map.of(
                                ON_A, CheckAnswer.HOLDS,
                                ON_B, CheckAnswer.DOES_NOT_HOLD,
                                ON_ENGINE, CheckAnswer.DOES_NOT_HOLD));
        assertThat(woken).containsExactly(id("a"), id("b"), id(NodeKey.ENGINE));
    }

    @Test
    void offersACheckAgainUntilItsAgentHasStartedIt() {
        ask(
                NONE,
                (desk, machine) -> {
                    Job job = offered(desk, machine);
                    assertThat(desk.waitsFor(machine)).isTrue();
                    assertThat(offered(desk, machine)).isEqualTo(job);
                    assertThat(desk.waitsFor(id("b"))).isFalse();
                    desk.started(agent(machine), job.id().value());
                    assertThat(desk.waitsFor(machine)).isFalse();
                    desk.requireOpen(agent(machine), job.id().value());
                },
                ON_A);
        assertThat(woken).containsExactly(id("a"));
    }

    @Test
    void asksNobodyWhereTheAgentIsAway() {
        machine("b", Machine.State.UNREACHABLE);

        Map<NodeKey, CheckAnswer> answers =
                ask(LONG, CheckDeskTest::holds, ON_B, NodeKey.of("store/file", "gone"), ON_A);

        assertThat(answers).isEqualTo(Map.of(ON_A, CheckAnswer.HOLDS));
        assertThat(woken).containsExactly(id("a"));
    }

    @Test
    void whatIsLateGaveNoAnswerAndIsDropped() {
        CheckDesk desk = desk(NONE, (_, _) -> {});
        List<String> jobs = new ArrayList<>();
        CheckDesk watched =
                desk(NONE, (asked, machine) -> jobs.add(offered(asked, machine).id().value()));

        assertThat(desk.answers("demo", checks(ON_A))).isEqualTo(Map.of(ON_A, LATE));
        watched.answers("demo", checks(ON_A));

        assertThat(watched.waitsFor(id("a"))).isFalse();
        refused(() -> watched.reported(agent(id("a")), jobs.getFirst(), report(Outcome.HOLDS)));
        refused(() -> watched.started(agent(id("a")), jobs.getFirst()));
    }

    @Test
    void waitsForNoAgentThatDoesNothing() {
        CheckDesk.Patience soon = new CheckDesk.Patience(Duration.ZERO, Duration.ofMinutes(5));
        assertThat(ask(soon, (_, _) -> {}, ON_A))
                .isEqualTo(
                        Map.of(
                                ON_A,
                                new CheckAnswer(
                                        CheckAnswer.Kind.UNKNOWN,
                                        "its agent did not begin it in 0 s")));

        assertThat(
                        ask(
                                soon,
                                (desk, machine) -> {
                                    // What has begun is waited for, and another thread ends it.
                                    String job = offered(desk, machine).id().value();
                                    desk.started(agent(machine), job);
                                    Thread.startVirtualThread(() ->
                                            desk.reported(
                                                    agent(machine), job, report(Outcome.HOLDS)));
                                },
                                ON_A))
                .isEqualTo(Map.of(ON_A, CheckAnswer.HOLDS));
    }

    @Test
    void waitsForNoMachineThatIsLost() {
        assertThat(
                        ask(
                                LONG,
                                (desk, machine) -> {
                                    desk.started(
                                            agent(machine), offered(desk, machine).id().value());
                                    machine("a", Machine.State.UNREACHABLE);
                                },
                                ON_A))
                .isEqualTo(
                        Map.of(
                                ON_A,
                                new CheckAnswer(
                                        CheckAnswer.Kind.UNKNOWN,
                                        "its machine is not ready any more")));
    }

    @Test
    void takesNoAnswerFromAnotherMachine() {
        Map<NodeKey, CheckAnswer> answers =
                ask(
                        NONE,
                        (desk, machine) -> {
                            String job = offered(desk, machine).id().value();
                            refused(() ->
                                    desk.reported(agent(id("b")), job, report(Outcome.HOLDS)));
                            refused(() -> desk.started(agent(id("b")), job));
                            refused(() -> desk.requireOpen(agent(id("b")), job));
                        },
                        ON_A);

        assertThat(answers).isEqualTo(Map.of(ON_A, LATE));
    }

    private Map<NodeKey, CheckAnswer> ask(
            CheckDesk.Patience patience, BiConsumer<CheckDesk, MachineId> onWake, NodeKey... keys) {
        return desk(patience, onWake).answers("demo", checks(keys));
    }

    private CheckDesk desk(CheckDesk.Patience patience, BiConsumer<CheckDesk, MachineId> onWake) {
        List<CheckDesk> self = new ArrayList<>(1);
        CheckDesk desk =
                new CheckDesk(
                        store,
                        machine -> {
                            woken.add(machine);
                            onWake.accept(self.getFirst(), machine);
                        },
                        patience);
        self.add(desk);
        return desk;
    }

    private static void holds(CheckDesk desk, MachineId machine) {
        desk.reported(agent(machine), offered(desk, machine).id().value(), report(Outcome.HOLDS));
    }

    private static Job offered(CheckDesk desk, MachineId machine) {
        List<Job> jobs = desk.offers(machine);
        assertThat(jobs).hasSize(1);
        return jobs.getFirst();
    }

    private static void refused(Runnable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo("job.unknown"));
    }

    private static List<Planner.Check> checks(NodeKey... keys) {
        LoadedModule module = module();
        List<Planner.Check> checks = new ArrayList<>();
        for (NodeKey key : keys) {
            checks.add(
                    new Planner.Check(
                            new StepResult(
                                    "demo",
                                    key,
                                    "m-1.1",
                                    new Fingerprint("code", new TreeMap<>()),
                                    module.lock(),
                                    Value.of(
                                            Map.of(
                                                    "word",
                                                    Value.of("hello"),
                                                    "password",
                                                    new Value.Secret(Value.of("sesame")))),
                                    Value.Struct.EMPTY,
                                    new TreeSet<>(),
                                    false,
                                    false,
                                    new RunId("r-1")),
                            module));
        }
        return checks;
    }

    private static LoadedModule module() {
        return ModuleLoader.load(
                new FileTree(
                        Map.of(
                                ModuleLoader.FILE,
                                """
                                kind: Task
                                name: file
                                version: 1.0.0
                                inputs:
                                  word: {type: string}
                                  password: {type: string, secret: true}
                                check: test "$INPUT_WORD" = hello
                                run: echo "$INPUT_WORD"
                                timeout: 2m
                                """
                                        .getBytes(StandardCharsets.UTF_8))));
    }

    private void machine(String name, Machine.State state) {
        Machine machine =
                new Machine(
                        id(name),
                        name,
                        Optional.empty(),
                        Optional.of("memory"),
                        Optional.of("i-" + name),
                        state,
                        1,
                        Optional.empty(),
                        Value.Struct.EMPTY,
                        Optional.of("boot-1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        MachineParams.NONE,
                        Optional.empty(),
                        NetworkBoot.NONE);
        store.commit(List.of(new Change.PutMachine(machine))).join();
    }

    private static MachineId id(String name) {
        return new MachineId("m-" + name);
    }

    private static Credential agent(MachineId machine) {
        return new Credential(machine, "hash");
    }

    private static Report report(Outcome outcome) {
        return new Report(0, 1, outcome, 0, null, null, Map.of(), 0, "boot-1");
    }
}
