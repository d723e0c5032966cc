package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.PoolRig.allocate;
import static dev.formwork.workflow.engine.PoolRig.priority;
import static dev.formwork.workflow.engine.PoolRig.step;
import static dev.formwork.workflow.engine.PoolRig.taking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Who gets which machine of a pool.
class PoolsTest {
    private final PoolRig pools = new PoolRig();
    private final Rig rig = pools.rig;

    @Test
    void aMachineBearsTheMembersNameWhileItIsTakenAndItsOwnAfterwards() {
        pools.declare("clean: nothing\n");
        pools.take("red");
        Machine taken = rig.machine("red-g-0");
        assertThat(taken.id()).isEqualTo(Rig.id("metal-1"));
        assertThat(taken.home()).contains("red");
        assertThat(Shard.of(taken)).isEqualTo(Shard.ofCluster("red"));
        assertThat(rig.node(allocate("red")).reason()).isEqualTo("it is metal-1");
        pools.settle("red");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.machine("red-g-0").placement().orElseThrow().standing()).isTrue();
        assertThat(rig.result("red", step("red"))).isPresent();

        pools.giveBack("red");

        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        Machine back = rig.machine("metal-1");
        assertThat(back.placement()).isEmpty();
        assertThat(Shard.of(back)).isEqualTo(Shard.POOL);
        assertThat(back.incarnation()).isGreaterThan(taken.incarnation());
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
        assertThat(rig.store.results("red")).isEmpty();
    }

    @Test
    void aMachineThatIsNotOfThePoolIsNeverTaken() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        RunId third = pools.take("green");
        assertThat(pools.has("red")).isTrue();
        assertThat(pools.has("blue")).isTrue();
        assertThat(pools.state(third, allocate("green"))).isEqualTo(NodeState.WAITING);
        assertThat(rig.machine("other").placement()).isEmpty();
    }

    @Test
    void whoWaitsIsServedByPriorityAndThenByWhoAskedFirst() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        pools.settle("blue");
        pools.take("late", priority(0));
        rig.pass(Duration.ofSeconds(1));
        pools.take("later", priority(0));
        rig.pass(Duration.ofSeconds(1));
        pools.take("first", priority(5));
        assertThat(rig.core().poolWaits("metal"))
                .extracting(PoolWait::cluster)
                .containsExactly("first", "late", "later");

        pools.giveBack("red");
        assertThat(pools.has("first")).isTrue();
        assertThat(pools.has("late")).isFalse();
        rig.restart();
        pools.giveBack("blue");
        assertThat(pools.has("late")).isTrue();
        assertThat(pools.has("later")).isFalse();
        pools.settle("first");
        pools.giveBack("first");
        assertThat(pools.has("later")).isTrue();
        assertThat(rig.core().poolWaits("metal")).isEmpty();
    }

    @Test
    void whoWaitsIsToldWhatFor() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        RunId green = pools.take("green");
        RunId pink = pools.take("pink");
        assertThat(rig.core().explain(green, allocate("green")).getFirst().reason())
                .isEqualTo("no machine of pool metal that would do is free; it is the next");
        List<Cause> chain = rig.core().explain(pink, allocate("pink"));
        assertThat(chain.getFirst().reason())
                .contains("1 waits before it", "green-g-0 of run " + green);
        assertThat(chain.get(1).subject()).isEqualTo("pool metal");
        assertThat(chain.get(1).reason()).contains("1 taken by red", "1 taken by blue");
    }

    @Test
    void whatAnotherRunWorksOnIsNotGiven() {
        pools.declare("");
        FakePlan.Builder module = FakePlan.of("green").kind(Plan.Kind.MODULE);
        module.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        module.step("m", "metal-1");
        module.member("metal-2", Role.INITIAL, Optional.of(Rig.id("metal-2")));
        module.step("m", "metal-2");
        rig.start(module.build());
        JobRecord job = rig.take("metal-1");
        rig.work("metal-2", Outcome.SUCCEEDED);
        pools.take("red");
        assertThat(pools.has("red")).as("the run still has both").isFalse();

        rig.report("metal-1", job, Outcome.SUCCEEDED);

        assertThat(pools.has("red")).isTrue();
    }

    @Test
    void aModuleThatWasPlannedForAFreeMachineDoesNotRunOnItsNewOwners() {
        pools.declare("");
        FakePlan.Builder module = FakePlan.of("green").kind(Plan.Kind.MODULE);
        module.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        FakeStep step = module.step("m", "metal-1");
        step.incarnation("m-metal-1.1");
        pools.take("red");
        rig.start(module.build());
        rig.poll("metal-1");
        assertThat(rig.node(step.key()).code()).contains("plan.moved");
    }

    @Test
    void aRunThatIsPausedKeepsItsPlaceAndNobodyWaitsForIt() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        pools.settle("blue");
        RunId green = pools.take("green");
        RunId pink = pools.take("pink");
        rig.pause(green);
        pools.giveBack("red");
        assertThat(pools.has("pink")).isTrue();
        assertThat(pools.state(pink, allocate("pink"))).isEqualTo(NodeState.SUCCEEDED);
        rig.resume(green);
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        pools.giveBack("blue");
        assertThat(pools.has("green")).isTrue();
    }

    @Test
    void aRunThatIsCancelledLeavesTheLine() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        pools.take("green");
        rig.cancel();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(rig.core().poolWaits("metal")).isEmpty();
        pools.giveBack("red");
        assertThat(pools.has("green")).isFalse();
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
    }

    @Test
    void aPoolThatIsUsedIsNotForgotten() {
        pools.declare("");
        assertThat(Rig.code(rig.step(new Input.DropPool("metals", false, "ann"))))
                .isEqualTo("pool.unknown");
        pools.take("red");
        assertThat(Rig.code(rig.step(new Input.DropPool("metal", false, "ann"))))
                .isEqualTo("pool.in-use");
        pools.settle("red");
        pools.giveBack("red");
        assertThat(rig.step(new Input.DropPool("metal", false, "ann"))).isEqualTo(new Reply.Done());
        rig.restart();
        RunId blue = pools.take("blue");
        assertThat(rig.core().explain(blue, allocate("blue")).getFirst().reason())
                .isEqualTo("there is no pool metal");
        pools.declare("");
        assertThat(pools.has("blue")).isTrue();
    }

    @Test
    void aMachineThatIsGoneIsForgottenAndAnotherTaken() {
        pools.declare("");
        pools.take("red");
        pools.settle("red");
        rig.step(new Input.InstanceGone(Rig.id("metal-1")));
        FakePlan.Builder plan = FakePlan.of("red");
        plan.pooled("red-g-0", Role.LEAVING, Optional.of(Rig.id("metal-1")), "metal");
        plan.pooled("red-g-0", Role.JOINING, Optional.empty(), "metal");
        NodeKey release = plan.node(Action.RELEASE, "machine:release", "red-g-0");
        plan.node(Action.ALLOCATE, "machine:allocate", "red-g-0");
        plan.after(allocate("red"), release);
        rig.start(plan.build());
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.machine("red-g-0").id()).isEqualTo(Rig.id("metal-2"));
        assertThat(rig.store.machine(Rig.id("metal-1"))).isEmpty();
    }

    @Test
    void aRunThatWaitedForAMachineIsReplayed() {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        RunId green = pools.take("green");
        pools.giveBack("red");
        RunId destroyed = rig.run;
        rig.step(new Input.InstanceSwitched(Rig.id("metal-1"), false));
        rig.step(new Input.InstanceFailed(Rig.id("metal-1"), "bmc.busy", "busy", true));
        rig.pass(Duration.ofSeconds(10));
        rig.restart();
        rig.step(new Input.InstanceSwitched(Rig.id("metal-1"), true));
        rig.reboot("metal-1");
        rig.poll("metal-1");
        pools.settle("green");
        assertThat(rig.store.run(green).orElseThrow().state()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.replay(green).differences()).isEmpty();
        assertThat(rig.replay(destroyed).differences()).isEmpty();
    }

    @Test
    void aRunThatTakesFromAPoolIsWhereThePoolsAre() {
        assertThat(RunShards.of(taking("red"), _ -> Optional.empty()))
                .containsExactlyInAnyOrder(Shard.ofCluster("red"), Shard.POOL);
    }

    @Test
    void anotherEngineTakesUpPoolsAndWhoWaits() {
        pools.declare("");
        pools.take("red");
        pools.take("blue");
        pools.settle("red");
        RunId green = pools.take("green");
        TreeSet<Shard> all = new TreeSet<>(Shard.all());
        all.add(Shard.ofEngine(Rig.id(NodeKey.ENGINE)));
        all.remove(Shard.POOL);
        rig.engine(Rig.id(NodeKey.ENGINE), all);
        assertThat(rig.core().poolWaits("metal")).as("without the pools").isEmpty();
        rig.adopt(Shard.POOL, Shard.ofCluster("green"));
        assertThat(rig.core().poolWaits("metal")).extracting(PoolWait::run).containsExactly(green);
    }

    @Test
    void aPoolOfWhichAnotherEnginesClusterHasAMachineIsNotForgotten() {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.settle("red");
        pools.elsewhere("red");
        assertThat(Rig.code(rig.step(new Input.DropPool("metal", true, "ann"))))
                .isEqualTo("pool.in-use");
        assertThat(rig.store.pools()).hasSize(1);
    }

    @Test
    void whatComesBackToAPoolThatIsNoMoreIsNotFreedUncleaned() {
        pools.declare("clean: power-off\n");
        pools.take("red");
        pools.settle("red");
        pools.elsewhere("red");
        rig.step(new Input.DropPool("metal", false, "ann"));
        rig.adopt(Shard.ofCluster("red"));
        pools.giveBack("red");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason())
                .contains("there is no pool metal");
    }
}
