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
import dev.formwork.workflow.store.Event;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A machine that may be made in several places: the next one when a place is out of quota.
class PlacesTest {
    private static final NodeKey CREATE = NodeKey.of("machine:create", "demo-g-0");

    private final Rig rig = new Rig();

    private static FakePlan plan(String... places) {
        FakePlan.Builder plan = FakePlan.of("demo").places(places);
        plan.member("demo-g-0", Role.INITIAL, Optional.empty());
        plan.node(Action.CREATE, "machine:create", "demo-g-0");
        return plan.build();
    }

    private Effect.CreateInstance asked() {
        return one(Effect.CreateInstance.class);
    }

    private Effect.RemoveInstance removed() {
        return one(Effect.RemoveInstance.class);
    }

    /// The one thing that is asked of a provider.
    private <T extends Effect> T one(Class<T> kind) {
        List<Effect> asked =
                rig.effects.stream()
                        .filter(effect -> !(effect instanceof Effect.RestartAgent))
                        .toList();
        assertThat(asked).hasSize(1).allMatch(kind::isInstance);
        return kind.cast(asked.getFirst());
    }

    private MachineId quota(MachineId machine) {
        rig.step(new Input.InstanceFailed(machine, "provider.quota", "no more of those", false));
        return machine;
    }

    private void created(MachineId machine) {
        rig.step(
                new Input.InstanceCreated(
                        machine, "i-1", Optional.empty(), Hardware.NONE, List.of()));
    }

    private List<Machine> machines() {
        return rig.store.machines().stream().filter(machine -> !machine.isEngine()).toList();
    }

    @Test
    void isMadeInTheNextPlaceWhenOneIsOutOfQuota() {
        rig.start(plan("aws", "gce", "racks"));
        Effect.CreateInstance first = asked();
        assertThat(first.provider()).isEqualTo("aws");

        quota(first.machine());

        assertThat(removed())
                .as("what may have been left half-made")
                .isEqualTo(new Effect.RemoveInstance(first.machine(), "aws", Optional.empty()));
        assertThat(rig.node(CREATE).reason())
                .isEqualTo(
                        "aws had no quota; what aws may have left of it is removed, then gce is"
                                + " asked");
        rig.step(new Input.InstanceRemoved(first.machine()));
        Effect.CreateInstance second = asked();
        assertThat(second.provider()).isEqualTo("gce");
        assertThat(second.machine()).as("another request").isNotEqualTo(first.machine());
        assertThat(second.bootToken()).isNotEqualTo(first.bootToken());
        assertThat(rig.node(CREATE).reason()).isEqualTo("aws had no quota; asked of gce");
        created(second.machine());
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node(CREATE).reason()).isEqualTo("aws had no quota; placed on gce");
        assertThat(machines())
                .singleElement()
                .satisfies(machine -> {
                    assertThat(machine.provider()).contains("gce");
                    assertThat(machine.state()).isEqualTo(State.BOOTING);
                });
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void tellsOfEachPlaceThatHadNoQuota() {
        rig.start(plan("aws", "gce"));
        quota(asked().machine());
        assertThat(rig.store.events(0, 100))
                .filteredOn(event -> event.type().equals("machine.placed-elsewhere"))
                .singleElement()
                .extracting(Event::data)
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "from", Value.of("aws"),
                                        "to", Value.of("gce"),
                                        "code", Value.of("provider.quota"))));
    }

    @Test
    void failsWhenTheLastPlaceIsOutOfQuotaAndBeginsAnewWhenItIsRetried() {
        rig.start(plan("aws", "gce"));
        rig.step(new Input.InstanceRemoved(quota(asked().machine())));
        MachineId second = quota(asked().machine());
        assertThat(rig.node(CREATE).code()).contains("provider.quota");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);

        rig.retry();

        assertThat(removed().machine()).isEqualTo(second);
        rig.step(new Input.InstanceRemoved(second));
        assertThat(asked().provider()).isEqualTo("aws");
        created(asked().machine());
        assertThat(rig.node(CREATE).reason()).as("nobody refused it this time").isEmpty();
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void staysWhereItIsWhenThePlanNamesNoOtherPlace() {
        rig.start(plan("aws"));
        MachineId machine = quota(asked().machine());
        assertThat(rig.node(CREATE).code()).contains("provider.quota");
        rig.retry();
        assertThat(asked().machine()).isEqualTo(machine);
    }

    @Test
    void aPlaceThatIsUnavailableIsAskedAgain() {
        rig.start(plan("aws", "gce"));
        Effect.CreateInstance first = asked();
        rig.step(new Input.InstanceFailed(first.machine(), "provider.unavailable", "down", true));
        assertThat(rig.effects).isEmpty();
        rig.pass(Duration.ofMinutes(2));
        assertThat(asked()).isEqualTo(first);
    }

    @Test
    void noOtherFailureIsAReasonToGoOn() {
        rig.start(plan("aws", "gce"));
        MachineId machine = asked().machine();
        rig.step(new Input.InstanceFailed(machine, "provider.credentials", "who?", false));
        assertThat(rig.node(CREATE).code()).contains("provider.credentials");
        assertThat(rig.effects).noneMatch(Effect.RemoveInstance.class::isInstance);
    }

    @Test
    void aCrashForgetsNoPlaceThatWasTriedAndMakesNoSecondMachine() {
        rig.start(plan("aws", "gce", "racks"));
        Effect.CreateInstance first = asked();
        rig.restart();
        assertThat(asked()).isEqualTo(first);
        quota(first.machine());
        Effect.RemoveInstance remains = removed();
        rig.restart();
        assertThat(removed()).as("still to be removed").isEqualTo(remains);
        rig.step(new Input.InstanceRemoved(first.machine()));
        Effect.CreateInstance second = asked();
        rig.restart();
        assertThat(asked()).isEqualTo(second);
        assertThat(second.provider()).isEqualTo("gce");
        rig.step(new Input.InstanceRemoved(quota(second.machine())));
        rig.restart();
        assertThat(asked().provider()).isEqualTo("racks");
        created(asked().machine());
        rig.restart();
        assertThat(rig.node(CREATE).reason())
                .isEqualTo("aws and gce had no quota; placed on racks");
        assertThat(machines()).hasSize(1);
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void whatComesTwiceIsHarmless() {
        rig.start(plan("aws", "gce", "racks"));
        MachineId first = asked().machine();
        quota(first);
        quota(first);
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.WAITING);
        created(first);
        rig.step(new Input.InstanceRemoved(first));
        Effect.CreateInstance second = asked();
        assertThat(second.provider()).isEqualTo("gce");
        rig.step(new Input.InstanceRemoved(first));
        quota(first);
        assertThat(rig.effects).isEmpty();
        created(second.machine());
        created(second.machine());
        assertThat(rig.state(CREATE)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(machines()).hasSize(1);
    }

    @Test
    void theRemovalIsTriedAgainUntilItWorks() {
        rig.start(plan("aws", "gce"));
        MachineId first = quota(asked().machine());
        rig.step(new Input.InstanceFailed(first, "provider.throttled", "slowly", true));
        rig.restart();
        rig.pass(Duration.ofMinutes(2));
        assertThat(removed().machine()).isEqualTo(first);
        rig.step(new Input.InstanceRemoved(first));
        assertThat(asked().provider()).isEqualTo("gce");
    }

    @Test
    void aPausedRunAsksNoOtherPlace() {
        rig.start(plan("aws", "gce"));
        MachineId first = asked().machine();
        rig.pause(rig.run);
        quota(first);
        assertThat(rig.effects).isEmpty();
        rig.restart();
        assertThat(rig.effects).isEmpty();
        rig.resume(rig.run);
        assertThat(removed().machine()).isEqualTo(first);
        rig.pause(rig.run);
        rig.step(new Input.InstanceRemoved(first));
        assertThat(rig.effects).isEmpty();
        rig.resume(rig.run);
        assertThat(asked().provider()).isEqualTo("gce");
        assertThat(rig.node(CREATE).reason()).isEqualTo("aws had no quota; asked of gce");
        created(asked().machine());
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void aCancelledRunMakesNothingElsewhere() {
        rig.start(plan("aws", "gce"));
        MachineId first = quota(asked().machine());
        rig.cancel();
        rig.step(new Input.InstanceRemoved(first));
        assertThat(rig.effects).noneMatch(Effect.CreateInstance.class::isInstance);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(machines()).isEmpty();
        rig.retry();
        assertThat(asked().provider()).isEqualTo("aws");
    }

    @Test
    void aLaterPlanThatPlacesItElsewhereTakesBackWhatWasAskedFor() {
        rig.start(plan("aws"));
        MachineId first = quota(asked().machine());
        rig.start(plan("gce"));
        assertThat(removed()).isEqualTo(new Effect.RemoveInstance(first, "aws", Optional.empty()));
        rig.step(new Input.InstanceRemoved(first));
        assertThat(asked().provider()).isEqualTo("gce");
        assertThat(rig.node(CREATE).reason()).isEqualTo("asked of gce");
    }
}
