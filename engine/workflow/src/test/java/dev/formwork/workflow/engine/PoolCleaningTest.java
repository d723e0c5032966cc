package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.PoolRig.allocate;
import static dev.formwork.workflow.engine.PoolRig.boot;
import static dev.formwork.workflow.engine.PoolRig.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.machine.Pooled.Phase;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// What becomes of a machine that comes back to its pool.
class PoolCleaningTest {
    private final PoolRig pools = new PoolRig();
    private final Rig rig = pools.rig;

    @Test
    void aMachineThatWasSwitchedOffIsSwitchedOnForTheNext() {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.settle("red");
        pools.giveBack("red");
        MachineId id = Rig.id("metal-1");
        assertThat(pools.switches()).containsExactly(power(id, false));
        assertThat(rig.machine("metal-1").pooled().orElseThrow().phase()).isEqualTo(Phase.CLEANING);
        rig.restart();
        assertThat(pools.switches()).as("asked again").containsExactly(power(id, false));
        rig.step(new Input.InstanceSwitched(id, false));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
        rig.effects.clear();
        rig.pass(Duration.ofMinutes(10));
        assertThat(rig.effects)
                .as("nobody starts an agent that was switched off")
                .noneMatch(effect ->
                        effect instanceof Effect.RestartAgent(var machine, _, _)
                                && machine.equals(id));

        // metal-2 is on: it comes first.
        rig.poll("metal-2");
        pools.take("blue");
        RunId green = pools.take("green");
        assertThat(rig.machine("green-g-0").id()).isEqualTo(id);
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.RUNNING);
        assertThat(pools.switches()).containsExactly(power(id, true));
        rig.restart();
        assertThat(pools.switches()).as("asked again").containsExactly(power(id, true));
        rig.step(new Input.InstanceSwitched(id, true));
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.SUCCEEDED);
        assertThat(pools.state(green, boot("green"))).isEqualTo(NodeState.RUNNING);
        rig.reboot("metal-1");
        rig.poll("metal-1");
        assertThat(pools.state(green, boot("green"))).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aMachineThatCannotBeCleanedIsGivenToNobodyUntilAPersonSaysSo() {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        pools.giveBack("red");
        MachineId id = Rig.id("metal-1");
        rig.step(new Input.InstanceFailed(id, "bmc.busy", "busy", true));
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason()).contains("asked again");
        rig.pass(Duration.ofSeconds(10));
        assertThat(pools.switches()).containsExactly(power(id, false));
        rig.step(new Input.InstanceFailed(id, "bmc.broken", "it smokes", false));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason())
                .isEqualTo("it smokes (bmc.broken)");
        pools.take("green");
        rig.restart();
        assertThat(pools.has("green")).isFalse();

        assertThat(Rig.code(rig.step(new Input.FreeMachine("metal", "other", "ann"))))
                .isEqualTo("pool.not-in-it");
        rig.step(new Input.CleanMachine("metal", "metal-1", "ann"));
        assertThat(pools.switches()).containsExactly(power(id, false));
        assertThat(Rig.code(rig.step(new Input.CleanMachine("metal", "metal-1", "ann"))))
                .isEqualTo("pool.not-dirty");
        rig.step(new Input.InstanceFailed(id, "bmc.broken", "it smokes", false));
        rig.step(new Input.FreeMachine("metal", "metal-1", "bob"));
        assertThat(pools.has("green")).isTrue();
    }

    @Test
    void aModuleCleansAMachineInOneRunAndFreesIt() {
        pools.declare("clean: {run: metal/wipe}\n");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        pools.giveBack("red");
        Effect wish = new Effect.CleanMachine(Rig.id("metal-1"), "metal-1", "metal", "metal/wipe");
        assertThat(rig.effects).contains(wish);
        rig.restart();
        assertThat(rig.effects).as("asked again").contains(wish);
        RunId green = pools.take("green");
        assertThat(pools.wipe()).isInstanceOf(Reply.RunStarted.class);
        assertThat(Rig.code(pools.wipe())).as("a second one").isEqualTo("pool.not-dirty");
        rig.restart();
        assertThat(rig.effects).as("it is being cleaned").doesNotContain(wish);
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.CLEANING);
        rig.work("metal-1", Outcome.SUCCEEDED);
        assertThat(pools.has("green")).isTrue();
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aModuleThatCannotCleanLeavesAMachineDirtyUntilItsRunIsTriedAgain() {
        pools.declare("clean: {run: metal/wipe}\n");
        pools.take("red");
        pools.settle("red");
        pools.giveBack("red");
        pools.wipe();
        rig.work("metal-1", Outcome.FAILED);
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason())
                .contains(rig.run.value());
        rig.retry();
        rig.work("metal-1", Outcome.SUCCEEDED);
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
    }

    @Test
    void aMachineThatWasInAClusterByItsNameIsNotGivenUnlessAPersonSaysThatItIsClean() {
        pools.declare("");
        FakePlan.Builder named = FakePlan.of("green");
        named.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        named.step("m", "metal-1");
        rig.start(named.build());
        rig.work("metal-1", Outcome.SUCCEEDED);
        FakePlan.Builder end = FakePlan.of("green").kind(Plan.Kind.DESTROY);
        end.member("metal-1", Role.LEAVING, Optional.of(Rig.id("metal-1")));
        rig.start(end.build());
        assertThat(rig.machine("metal-1").placement()).isEmpty();
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        pools.take("red");
        assertThat(rig.machine("red-g-0").id()).isEqualTo(Rig.id("metal-2"));
        pools.take("blue");
        assertThat(pools.has("blue")).isFalse();
        rig.step(new Input.FreeMachine("metal", "metal-1", "ann"));
        assertThat(pools.has("blue")).isTrue();
    }

    /// metal-1 is off, and blue has metal-2.
    private RunId takenWhileOff(String clean) {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.settle("red");
        pools.giveBack("red");
        rig.step(new Input.InstanceSwitched(Rig.id("metal-1"), false));
        pools.declare(clean);
        pools.take("blue");
        RunId green = pools.take("green");
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.RUNNING);
        return green;
    }

    @Test
    void aMachineThatComesBackBeforeItWasSwitchedOnIsSwitchedOnForTheNext() {
        pools.giveBackAfterCancel("green", takenWhileOff("clean: nothing\n"));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
        pools.take("pink");
        assertThat(pools.switches()).containsExactly(power(Rig.id("metal-1"), true));
    }

    @Test
    void aMachineThatIsOffIsSwitchedOnForTheModuleThatCleansIt() {
        pools.giveBackAfterCancel("green", takenWhileOff("clean: {run: metal/wipe}\n"));
        MachineId id = Rig.id("metal-1");
        assertThat(rig.effects).noneMatch(Effect.CleanMachine.class::isInstance);
        assertThat(pools.switches()).containsExactly(power(id, true));
        rig.restart();
        assertThat(pools.switches()).as("asked again").containsExactly(power(id, true));
        rig.step(new Input.InstanceSwitched(id, true));
        assertThat(rig.effects)
                .contains(new Effect.CleanMachine(id, "metal-1", "metal", "metal/wipe"));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.CLEANING);
    }

    @Test
    void aModuleThatHasNothingToDoFreesTheMachine() {
        pools.declare("clean: {run: metal/wipe}\n");
        pools.take("red");
        pools.settle("red");
        pools.giveBack("red");
        FakePlan.Builder nothing = FakePlan.of("run-1").kind(Plan.Kind.MODULE);
        nothing.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        rig.clean(Rig.id("metal-1"), nothing.build());
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
    }
}
