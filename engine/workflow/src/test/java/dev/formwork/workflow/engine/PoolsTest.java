package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled.Phase;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
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

/// Who gets which machine of a pool, and what becomes of it when it comes back.
class PoolsTest {
    private final Rig rig = new Rig("metal-1", "metal-2", "other");

    private void pool(String rest) {
        apply("where: machine.name.startsWith('metal')\n" + rest);
    }

    private void apply(String rest) {
        Pool pool = Pool.of("kind: Pool\nname: metal\n" + rest, new TreeSet<>());
        assertThat(rig.step(new Input.ApplyPool(pool, "ann"))).isEqualTo(new Reply.Done());
    }

    private static NodeKey allocate(String cluster) {
        return NodeKey.of("machine:allocate", cluster + "-g-0");
    }

    private static NodeKey boot(String cluster) {
        return NodeKey.of("machine:boot", cluster + "-g-0");
    }

    private static NodeKey step(String cluster) {
        return NodeKey.of("s", cluster + "-g-0");
    }

    private static FakePlan taking(String cluster) {
        String name = cluster + "-g-0";
        FakePlan.Builder plan = FakePlan.of(cluster);
        plan.pooled(name, Role.INITIAL, Optional.empty(), "metal");
        plan.node(Action.ALLOCATE, "machine:allocate", name);
        plan.node(Action.BOOT, "machine:boot", name);
        plan.step("s", name);
        plan.after(boot(cluster), allocate(cluster)).after(step(cluster), boot(cluster));
        return plan.build();
    }

    private RunId take(String cluster) {
        return take(cluster, RunRecord.Terms.STANDARD);
    }

    private RunId take(String cluster, RunRecord.Terms terms) {
        assertThat(rig.start(taking(cluster), terms)).isInstanceOf(Reply.RunStarted.class);
        return rig.run;
    }

    private static RunRecord.Terms priority(int priority) {
        return new RunRecord.Terms(priority, Optional.empty());
    }

    /// The run of a cluster that has its machine, to its end.
    private void settle(String cluster) {
        Machine machine = rig.machine(cluster + "-g-0");
        rig.work(machine.id().value().substring(2), Outcome.SUCCEEDED);
    }

    private Reply giveBack(String cluster) {
        String name = cluster + "-g-0";
        FakePlan.Builder plan = FakePlan.of(cluster).kind(Plan.Kind.DESTROY);
        plan.pooled(name, Role.LEAVING, Optional.of(rig.machine(name).id()), "metal");
        plan.node(Action.RELEASE, "machine:release", name);
        return rig.start(plan.build());
    }

    private boolean has(String cluster) {
        return rig.store.machines().stream()
                .anyMatch(machine ->
                        machine.placement().filter(at -> at.cluster().equals(cluster)).isPresent());
    }

    private Standing.State standing(String machine) {
        return Standing.of(rig.machine(machine), rig.now()).state();
    }

    private List<Effect.SwitchPower> switches() {
        return rig.effects.stream()
                .filter(Effect.SwitchPower.class::isInstance)
                .map(Effect.SwitchPower.class::cast)
                .toList();
    }

    private NodeState state(RunId run, NodeKey key) {
        rig.run = run;
        return rig.state(key);
    }

    @Test
    void aMachineBearsTheMembersNameWhileItIsTakenAndItsOwnAfterwards() {
        pool("clean: nothing\n");
        take("red");
        Machine taken = rig.machine("red-g-0");
        assertThat(taken.id()).isEqualTo(Rig.id("metal-1"));
        assertThat(taken.home()).contains("red");
        assertThat(Shard.of(taken)).isEqualTo(Shard.ofCluster("red"));
        assertThat(rig.node(allocate("red")).reason()).isEqualTo("it is metal-1");
        settle("red");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.machine("red-g-0").placement().orElseThrow().standing()).isTrue();
        assertThat(rig.result("red", step("red"))).isPresent();

        giveBack("red");

        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        Machine back = rig.machine("metal-1");
        assertThat(back.placement()).isEmpty();
        assertThat(Shard.of(back)).isEqualTo(Shard.POOL);
        assertThat(back.incarnation()).isGreaterThan(taken.incarnation());
        assertThat(standing("metal-1")).isEqualTo(Standing.State.FREE);
        assertThat(rig.store.results("red")).isEmpty();
    }

    @Test
    void aMachineThatIsNotOfThePoolIsNeverTaken() {
        pool("");
        take("red");
        take("blue");
        RunId third = take("green");
        assertThat(has("red")).isTrue();
        assertThat(has("blue")).isTrue();
        assertThat(state(third, allocate("green"))).isEqualTo(NodeState.WAITING);
        assertThat(rig.machine("other").placement()).isEmpty();
    }

    @Test
    void whoWaitsIsServedByPriorityAndThenByWhoAskedFirst() {
        pool("");
        take("red");
        take("blue");
        settle("red");
        settle("blue");
        take("late", priority(0));
        rig.pass(Duration.ofSeconds(1));
        take("later", priority(0));
        rig.pass(Duration.ofSeconds(1));
        take("first", priority(5));
        assertThat(rig.core().poolWaits("metal"))
                .extracting(PoolWait::cluster)
                .containsExactly("first", "late", "later");

        giveBack("red");
        assertThat(has("first")).isTrue();
        assertThat(has("late")).isFalse();
        rig.restart();
        giveBack("blue");
        assertThat(has("late")).isTrue();
        assertThat(has("later")).isFalse();
        settle("first");
        giveBack("first");
        assertThat(has("later")).isTrue();
        assertThat(rig.core().poolWaits("metal")).isEmpty();
    }

    @Test
    void whoWaitsIsToldWhatFor() {
        pool("");
        take("red");
        take("blue");
        RunId green = take("green");
        RunId pink = take("pink");
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
        pool("");
        FakePlan.Builder module = FakePlan.of("green").kind(Plan.Kind.MODULE);
        module.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        module.step("m", "metal-1");
        module.member("metal-2", Role.INITIAL, Optional.of(Rig.id("metal-2")));
        module.step("m", "metal-2");
        rig.start(module.build());
        JobRecord job = rig.take("metal-1");
        rig.work("metal-2", Outcome.SUCCEEDED);
        take("red");
        assertThat(has("red")).as("the run still has both").isFalse();

        rig.report("metal-1", job, Outcome.SUCCEEDED);

        assertThat(has("red")).isTrue();
    }

    @Test
    void aModuleThatWasPlannedForAFreeMachineDoesNotRunOnItsNewOwners() {
        pool("");
        FakePlan.Builder module = FakePlan.of("green").kind(Plan.Kind.MODULE);
        module.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        FakeStep step = module.step("m", "metal-1");
        step.incarnation("m-metal-1.1");
        take("red");
        rig.start(module.build());
        rig.poll("metal-1");
        assertThat(rig.node(step.key()).code()).contains("plan.moved");
    }

    @Test
    void aRunThatIsPausedKeepsItsPlaceAndNobodyWaitsForIt() {
        pool("");
        take("red");
        take("blue");
        settle("red");
        settle("blue");
        RunId green = take("green");
        RunId pink = take("pink");
        rig.pause(green);
        giveBack("red");
        assertThat(has("pink")).isTrue();
        assertThat(state(pink, allocate("pink"))).isEqualTo(NodeState.SUCCEEDED);
        rig.resume(green);
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        giveBack("blue");
        assertThat(has("green")).isTrue();
    }

    @Test
    void aRunThatIsCancelledLeavesTheLine() {
        pool("");
        take("red");
        take("blue");
        settle("red");
        take("green");
        rig.cancel();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(rig.core().poolWaits("metal")).isEmpty();
        giveBack("red");
        assertThat(has("green")).isFalse();
        assertThat(standing("metal-1")).isEqualTo(Standing.State.FREE);
    }

    @Test
    void aMachineThatWasSwitchedOffIsSwitchedOnForTheNext() {
        pool("clean: power-off\n");
        take("red");
        settle("red");
        giveBack("red");
        MachineId id = Rig.id("metal-1");
        assertThat(switches()).containsExactly(power(id, false));
        assertThat(rig.machine("metal-1").pooled().orElseThrow().phase()).isEqualTo(Phase.CLEANING);
        rig.restart();
        assertThat(switches()).as("asked again").containsExactly(power(id, false));
        rig.step(new Input.InstanceSwitched(id, false));
        assertThat(standing("metal-1")).isEqualTo(Standing.State.FREE);
        rig.effects.clear();
        rig.pass(Duration.ofMinutes(10));
        assertThat(rig.effects)
                .as("nobody starts an agent that was switched off")
                .noneMatch(effect ->
                        effect instanceof Effect.RestartAgent(var machine, _, _)
                                && machine.equals(id));

        // metal-2 is on: it comes first.
        rig.poll("metal-2");
        take("blue");
        RunId green = take("green");
        assertThat(rig.machine("green-g-0").id()).isEqualTo(id);
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.RUNNING);
        assertThat(switches()).containsExactly(power(id, true));
        rig.restart();
        assertThat(switches()).as("asked again").containsExactly(power(id, true));
        rig.step(new Input.InstanceSwitched(id, true));
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.SUCCEEDED);
        assertThat(state(green, boot("green"))).isEqualTo(NodeState.RUNNING);
        rig.reboot("metal-1");
        rig.poll("metal-1");
        assertThat(state(green, boot("green"))).isEqualTo(NodeState.SUCCEEDED);
    }

    private static Effect.SwitchPower power(MachineId id, boolean on) {
        return new Effect.SwitchPower(id, "fake", Optional.of("i-metal-1"), on);
    }

    @Test
    void aMachineThatCannotBeCleanedIsGivenToNobodyUntilAPersonSaysSo() {
        pool("clean: power-off\n");
        take("red");
        take("blue");
        settle("red");
        giveBack("red");
        MachineId id = Rig.id("metal-1");
        rig.step(new Input.InstanceFailed(id, "bmc.busy", "busy", true));
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason()).contains("asked again");
        rig.pass(Duration.ofSeconds(10));
        assertThat(switches()).containsExactly(power(id, false));
        rig.step(new Input.InstanceFailed(id, "bmc.broken", "it smokes", false));
        assertThat(standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason())
                .isEqualTo("it smokes (bmc.broken)");
        take("green");
        rig.restart();
        assertThat(has("green")).isFalse();

        assertThat(Rig.code(rig.step(new Input.FreeMachine("metal", "other", "ann"))))
                .isEqualTo("pool.not-in-it");
        rig.step(new Input.CleanMachine("metal", "metal-1", "ann"));
        assertThat(switches()).containsExactly(power(id, false));
        assertThat(Rig.code(rig.step(new Input.CleanMachine("metal", "metal-1", "ann"))))
                .isEqualTo("pool.not-dirty");
        rig.step(new Input.InstanceFailed(id, "bmc.broken", "it smokes", false));
        rig.step(new Input.FreeMachine("metal", "metal-1", "bob"));
        assertThat(has("green")).isTrue();
    }

    private FakePlan wiping(int incarnation) {
        FakePlan.Builder plan = FakePlan.of("run-1").kind(Plan.Kind.MODULE);
        plan.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        plan.step("run", "metal-1").incarnation("m-metal-1." + incarnation);
        return plan.build();
    }

    private Reply wipe() {
        return rig.clean(Rig.id("metal-1"), wiping(rig.machine("metal-1").incarnation()));
    }

    @Test
    void aModuleCleansAMachineInOneRunAndFreesIt() {
        pool("clean: {run: metal/wipe}\n");
        take("red");
        take("blue");
        settle("red");
        giveBack("red");
        Effect wish = new Effect.CleanMachine(Rig.id("metal-1"), "metal-1", "metal", "metal/wipe");
        assertThat(rig.effects).contains(wish);
        rig.restart();
        assertThat(rig.effects).as("asked again").contains(wish);
        RunId green = take("green");
        assertThat(wipe()).isInstanceOf(Reply.RunStarted.class);
        assertThat(Rig.code(wipe())).as("a second one").isEqualTo("pool.not-dirty");
        rig.restart();
        assertThat(rig.effects).as("it is being cleaned").doesNotContain(wish);
        assertThat(standing("metal-1")).isEqualTo(Standing.State.CLEANING);
        rig.work("metal-1", Outcome.SUCCEEDED);
        assertThat(has("green")).isTrue();
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aModuleThatCannotCleanLeavesAMachineDirtyUntilItsRunIsTriedAgain() {
        pool("clean: {run: metal/wipe}\n");
        take("red");
        settle("red");
        giveBack("red");
        wipe();
        rig.work("metal-1", Outcome.FAILED);
        assertThat(standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        assertThat(rig.machine("metal-1").pooled().orElseThrow().reason())
                .contains(rig.run.value());
        rig.retry();
        rig.work("metal-1", Outcome.SUCCEEDED);
        assertThat(standing("metal-1")).isEqualTo(Standing.State.FREE);
    }

    @Test
    void aPoolMakesAsManyAsItMayAndDeletesThem() {
        apply("make: {provider: fake, machine: {size: big}, most: 1}\nclean: delete\n");
        RunId red = take("red");
        Effect.CreateInstance asked = asked();
        RunId blue = take("blue");
        assertThat(asked.spec().fields()).containsKey("size");
        assertThat(asked.name()).startsWith("metal-");
        assertThat(state(blue, allocate("blue"))).isEqualTo(NodeState.WAITING);
        MachineId id = asked.machine();
        rig.restart();
        assertThat(asked().machine()).as("asked for again").isEqualTo(id);
        rig.step(new Input.InstanceCreated(id, "i-9", Optional.empty(), Hardware.NONE, List.of()));
        assertThat(state(red, allocate("red"))).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.store.pools().getFirst().made()).containsExactly(id);

        giveBackAfterCancel("red", red);
        assertThat(rig.effects).contains(new Effect.RemoveInstance(id, "fake", Optional.of("i-9")));
        assertThat(create()).isEmpty();
        rig.step(new Input.InstanceRemoved(id));
        assertThat(create()).as("there is room for another one").isPresent();
        assertThat(rig.store.pools().getFirst().made()).hasSize(1).doesNotContain(id);
    }

    private void giveBackAfterCancel(String cluster, RunId run) {
        rig.step(new Input.Cancel(run, true, "ann"));
        giveBack(cluster);
    }

    private Effect.CreateInstance asked() {
        return create().orElseThrow();
    }

    private Optional<Effect.CreateInstance> create() {
        return rig.effects.stream()
                .filter(Effect.CreateInstance.class::isInstance)
                .map(Effect.CreateInstance.class::cast)
                .findFirst();
    }

    @Test
    void whatIsReservedIsGivenToNobodyElseUntilItIsOver() {
        pool("");
        assertThat(
                        Rig.code(
                                rig.step(
                                        new Input.Reserve(
                                                "metal", 3, "blue", Optional.empty(), "ann"))))
                .isEqualTo("pool.too-few");
        rig.step(
                new Input.Reserve(
                        "metal",
                        1,
                        "blue",
                        Optional.of(rig.now().plus(Duration.ofMinutes(5))),
                        "ann"));
        assertThat(standing("metal-1")).isEqualTo(Standing.State.RESERVED);
        take("red");
        assertThat(rig.machine("red-g-0").id()).isEqualTo(Rig.id("metal-2"));
        RunId green = take("green");
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        rig.restart();
        rig.pass(Duration.ofMinutes(4));
        rig.poll("metal-1");
        assertThat(has("green")).isFalse();
        rig.pass(Duration.ofMinutes(1));
        assertThat(has("green")).isTrue();
        assertThat(
                        Rig.code(
                                rig.step(
                                        new Input.Reserve(
                                                "metal",
                                                1,
                                                "blue",
                                                Optional.of(rig.now()),
                                                "ann"))))
                .isEqualTo("pool.bad-reservation");
    }

    @Test
    void whoeverHasAReservationGetsItBeforeOthersWhoAskedEarlier() {
        pool("");
        rig.step(new Input.Reserve("metal", 2, "blue", Optional.empty(), "ann"));
        RunId green = take("green");
        take("blue");
        assertThat(has("blue")).isTrue();
        assertThat(state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        rig.step(new Input.Unreserve("metal", "blue", "ann"));
        assertThat(has("green")).isTrue();
    }

    @Test
    void aMachineThatWasInAClusterByItsNameIsNotGivenUnlessAPersonSaysThatItIsClean() {
        pool("");
        FakePlan.Builder named = FakePlan.of("green");
        named.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        named.step("m", "metal-1");
        rig.start(named.build());
        rig.work("metal-1", Outcome.SUCCEEDED);
        FakePlan.Builder end = FakePlan.of("green").kind(Plan.Kind.DESTROY);
        end.member("metal-1", Role.LEAVING, Optional.of(Rig.id("metal-1")));
        rig.start(end.build());
        assertThat(rig.machine("metal-1").placement()).isEmpty();
        assertThat(standing("metal-1")).isEqualTo(Standing.State.DIRTY);
        take("red");
        assertThat(rig.machine("red-g-0").id()).isEqualTo(Rig.id("metal-2"));
        take("blue");
        assertThat(has("blue")).isFalse();
        rig.step(new Input.FreeMachine("metal", "metal-1", "ann"));
        assertThat(has("blue")).isTrue();
    }

    @Test
    void aPoolThatIsUsedIsNotForgotten() {
        pool("");
        assertThat(Rig.code(rig.step(new Input.DropPool("metals", "ann"))))
                .isEqualTo("pool.unknown");
        take("red");
        assertThat(Rig.code(rig.step(new Input.DropPool("metal", "ann")))).isEqualTo("pool.in-use");
        settle("red");
        giveBack("red");
        assertThat(rig.step(new Input.DropPool("metal", "ann"))).isEqualTo(new Reply.Done());
        rig.restart();
        RunId blue = take("blue");
        assertThat(rig.core().explain(blue, allocate("blue")).getFirst().reason())
                .isEqualTo("there is no pool metal");
        pool("");
        assertThat(has("blue")).isTrue();
    }

    @Test
    void aMachineThatIsGoneIsForgottenAndAnotherTaken() {
        pool("");
        take("red");
        settle("red");
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
        pool("clean: power-off\n");
        take("red");
        take("blue");
        settle("red");
        RunId green = take("green");
        giveBack("red");
        RunId destroyed = rig.run;
        rig.step(new Input.InstanceSwitched(Rig.id("metal-1"), false));
        rig.step(new Input.InstanceFailed(Rig.id("metal-1"), "bmc.busy", "busy", true));
        rig.pass(Duration.ofSeconds(10));
        rig.restart();
        rig.step(new Input.InstanceSwitched(Rig.id("metal-1"), true));
        rig.reboot("metal-1");
        rig.poll("metal-1");
        settle("green");
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
        pool("");
        take("red");
        take("blue");
        settle("red");
        RunId green = take("green");
        TreeSet<Shard> all = new TreeSet<>(Shard.all());
        all.add(Shard.ofEngine(Rig.id(NodeKey.ENGINE)));
        all.remove(Shard.POOL);
        rig.engine(Rig.id(NodeKey.ENGINE), all);
        assertThat(rig.core().poolWaits("metal")).as("without the pools").isEmpty();
        rig.adopt(Shard.POOL, Shard.ofCluster("green"));
        assertThat(rig.core().poolWaits("metal")).extracting(PoolWait::run).containsExactly(green);
    }
}
