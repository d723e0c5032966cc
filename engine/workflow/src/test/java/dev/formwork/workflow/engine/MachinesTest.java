package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How machines come and go, and how agents prove who they are.
class MachinesTest {
    private static final NodeKey CREATE = NodeKey.of("machine:create", "demo-g-0");
    private static final NodeKey BOOT = NodeKey.of("machine:boot", "demo-g-0");
    private static final NodeKey STEP = NodeKey.of("s", "demo-g-0");

    private final Rig rig = new Rig("old");

    private MachineId create() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("demo-g-0", Role.INITIAL, Optional.empty());
        plan.node(Action.CREATE, "machine:create", "demo-g-0");
        plan.node(Action.BOOT, "machine:boot", "demo-g-0");
        plan.step("s", "demo-g-0");
        plan.after(BOOT, CREATE).after(STEP, BOOT);
        rig.start(plan.build());
        return asked().machine();
    }

    private Effect.CreateInstance asked() {
        return (Effect.CreateInstance)
                rig.effects.stream()
                        .filter(Effect.CreateInstance.class::isInstance)
                        .findFirst()
                        .orElseThrow();
    }

    private Reply register(String token, String credential) {
        return rig.step(
                new Input.Register(
                        Secrets.hash(token),
                        Secrets.hash(credential),
                        "boot-1",
                        Value.of(Map.of("address", Value.of("10.0.0.7")))));
    }

    private void created(MachineId id) {
        rig.step(new Input.InstanceCreated(id, "i-1", Optional.empty(), Hardware.NONE, List.of()));
    }

    @Test
    void aMachineIsMadeBootedAndUsed() {
        MachineId id = create();
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.RUNNING);
        assertThat(rig.machine("demo-g-0").state()).isEqualTo(State.REQUESTED);
        assertThat(asked().spec().fields()).containsKey("size");
        created(id);
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.machine("demo-g-0").state()).isEqualTo(State.BOOTING);
        register("token-of-" + id, "c");
        assertThat(rig.machine("demo-g-0").state()).isEqualTo(State.READY);
        assertThat(rig.machine("demo-g-0").address()).contains("10.0.0.7");
        assertThat(rig.state(BOOT)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.state(STEP)).isEqualTo(NodeState.READY);
    }

    @Test
    void everyPollIsACallThoughNotEachIsStored() {
        rig.poll("old");
        Optional<Instant> stored = rig.machine("old").lastSeen();
        rig.pass(Duration.ofSeconds(5));

        rig.poll("old");

        assertThat(rig.core().lastCall(Rig.id("old"))).contains(rig.now());
        assertThat(rig.machine("old").lastSeen()).isEqualTo(stored).isNotEqualTo(rig.now());
        rig.restart();
        assertThat(rig.core().lastCall(Rig.id("old"))).as("it has not called this core").isEmpty();
        assertThat(rig.core().lastCall(Rig.id("nobody"))).isEmpty();
    }

    @Test
    void anAgentMayRegisterBeforeItsProviderAnswers() {
        MachineId id = create();
        register("token-of-" + id, "c");
        assertThat(rig.machine("demo-g-0").state()).isEqualTo(State.REQUESTED);
        created(id);
        assertThat(rig.machine("demo-g-0").state()).isEqualTo(State.READY);
        assertThat(rig.state(BOOT)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aLostRequestIsRepeatedWithTheSameTokenAndThePlainTokenIsStoredNowhere() {
        create();
        Effect.CreateInstance first = asked();
        rig.restart();
        assertThat(asked()).isEqualTo(first);
        assertThat(rig.store.machines().toString()).doesNotContain(first.bootToken());
        assertThat(first.toString()).doesNotContain(first.bootToken());
    }

    @Test
    void aProviderIsAskedAgainAfterARetryableFailure() {
        MachineId id = create();
        for (int i = 1; i < EngineSettings.STANDARD.providerAttempts(); i++) {
            rig.step(new Input.InstanceFailed(id, "cloud.busy", "busy", true));
            assertThat(rig.state(CREATE)).isEqualTo(NodeState.WAITING);
            rig.restart();
            rig.pass(Duration.ofMinutes(2));
            assertThat(asked().machine()).isEqualTo(id);
        }
        rig.step(new Input.InstanceFailed(id, "cloud.busy", "busy", true));
        assertThat(rig.node(CREATE).code()).contains("cloud.busy");
    }

    @Test
    void aRetriedCreationAsksForTheSameMachine() {
        MachineId id = create();
        rig.step(new Input.InstanceFailed(id, "cloud.quota", "no quota", false));
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        rig.retry();
        assertThat(asked().machine()).isEqualTo(id);
        created(id);
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void anAgentThatDoesNotCallFailsTheBoot() {
        created(create());
        rig.restart();
        rig.pass(Duration.ofMinutes(5));
        assertThat(rig.node(BOOT).code()).contains("machine.agent-absent");
    }

    @Test
    void aBootTokenIsGoodForOneCredential() {
        MachineId id = create();
        created(id);
        String token = "token-of-" + id;
        assertThat(Rig.code(register("guess", "c"))).isEqualTo("agent.unauthorized");
        Reply registered = new Reply.Registered(id, "demo-g-0");
        assertThat(register(token, "c")).isEqualTo(registered);
        assertThat(register(token, "c")).as("a lost answer").isEqualTo(registered);
        assertThat(Rig.code(register(token, "d"))).isEqualTo("agent.token-used");
        rig.restart();
        assertThat(Rig.code(register(token, "d"))).isEqualTo("agent.token-used");
    }

    @Test
    void enrollingAnewRevokesTheCredential() {
        Reply.Enrolled first = (Reply.Enrolled) rig.step(new Input.Enrol("host", "ann"));
        register(first.bootToken(), "c");
        Credential credential = new Credential(first.machine(), Secrets.hash("c"));
        assertThat(rig.step(new Input.Authenticate(credential))).isEqualTo(new Reply.Done());
        Reply.Enrolled second = (Reply.Enrolled) rig.step(new Input.Enrol("host", "ann"));
        assertThat(second.machine()).isEqualTo(first.machine());
        assertThat(Rig.code(rig.step(new Input.Authenticate(credential))))
                .isEqualTo("agent.unauthorized");
        assertThat(Rig.code(register(first.bootToken(), "c"))).isEqualTo("agent.unauthorized");
        assertThat(register(second.bootToken(), "d")).isInstanceOf(Reply.Registered.class);
        assertThat(rig.store.events(0, 100).toString()).doesNotContain(second.bootToken());
    }

    @Test
    void hostileFactsMakeNoAddress() {
        MachineId id = create();
        created(id);
        rig.step(
                new Input.Register(
                        Secrets.hash("token-of-" + id),
                        Secrets.hash("c"),
                        "boot-1",
                        Value.of(Map.of("address", Value.of("10.0.0.7; rm -rf /")))));
        assertThat(rig.machine("demo-g-0").address()).isEmpty();
    }

    @Test
    void aMachineThatIsReplacedKeepsItsNameAndItsResultsGoWithTheOldOne() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("old", Role.LEAVING, Optional.of(Rig.id("old")));
        plan.member("old", Role.JOINING, Optional.empty());
        NodeKey create = plan.node(Action.CREATE, "machine:create", "old");
        NodeKey boot = plan.node(Action.BOOT, "machine:boot", "old");
        NodeKey step = plan.step("s", "old").key();
        NodeKey remove = plan.node(Action.REMOVE, "machine:remove", "old");
        plan.after(boot, create).after(step, boot).after(remove, step);
        rig.start(plan.build());
        MachineId id = asked().machine();
        created(id);
        register("token-of-" + id, "credential-of-new");
        Credential credential = new Credential(id, Secrets.hash("credential-of-new"));
        Reply.Polled polled =
                (Reply.Polled)
                        rig.step(new Input.Poll(credential, "boot-1", Optional.empty(), List.of()));
        var job = polled.jobs().getFirst().job();
        assertThat(job.machine()).isEqualTo(id);
        rig.step(
                new Input.Reported(
                        credential,
                        job.id(),
                        job.token(),
                        1,
                        Outcome.SUCCEEDED,
                        Rig.OUTPUTS,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "boot-1"));
        assertThat(rig.machine("old").state()).isIn(State.REMOVING, State.READY);
        rig.step(new Input.InstanceRemoved(Rig.id("old")));
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.result("demo", step)).as("of the new machine").isPresent();
        assertThat(rig.store.machines())
                .filteredOn(machine -> machine.name().equals("old"))
                .extracting(Machine::id)
                .containsExactly(id);
    }

    @Test
    void whatRunsOnAMachineThatIsGoneFails() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey running = plan.step("s", "old").key();
        NodeKey queued = plan.step("t", "old").key();
        rig.start(plan.build());
        rig.take("old");
        rig.step(new Input.InstanceGone(Rig.id("old")));
        assertThat(rig.node(running).code()).contains("machine.gone");
        assertThat(rig.node(queued).code()).contains("machine.gone");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void aMachineThatWasGivenUpIsRestartedOncePerLease() {
        rig.pass(Duration.ofSeconds(91));
        rig.effects.clear();
        rig.pass(Duration.ofMinutes(3));
        assertThat(rig.effects)
                .filteredOn(effect ->
                        effect instanceof Effect.RestartAgent restart
                                && restart.machine().equals(Rig.id("old")))
                .hasSize(2);
        rig.poll("old");
        assertThat(rig.machine("old").state()).isEqualTo(State.READY);
    }
}
