package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// An engine with a pool of machines, and clusters of one machine each that take from it.
final class PoolRig {
    final Rig rig = new Rig("metal-1", "metal-2", "other");

    /// A pool of metal-1 and metal-2.
    void declare(String rest) {
        apply("where: machine.name.startsWith('metal')\n" + rest);
    }

    void apply(String rest) {
        Pool pool = Pool.of("kind: Pool\nname: metal\n" + rest, new TreeSet<>());
        assertThat(rig.step(new Input.ApplyPool(pool, "ann"))).isEqualTo(new Reply.Done());
    }

    static NodeKey allocate(String cluster) {
        return NodeKey.of("machine:allocate", cluster + "-g-0");
    }

    static NodeKey boot(String cluster) {
        return NodeKey.of("machine:boot", cluster + "-g-0");
    }

    static NodeKey step(String cluster) {
        return NodeKey.of("s", cluster + "-g-0");
    }

    static FakePlan taking(String cluster) {
        return taking(cluster, FakePlan.of(cluster));
    }

    static FakePlan taking(String cluster, FakePlan.Builder plan) {
        String name = cluster + "-g-0";
        plan.pooled(name, Role.INITIAL, Optional.empty(), "metal");
        plan.node(Action.ALLOCATE, "machine:allocate", name);
        plan.node(Action.BOOT, "machine:boot", name);
        plan.step("s", name);
        plan.after(boot(cluster), allocate(cluster)).after(step(cluster), boot(cluster));
        return plan.build();
    }

    RunId take(String cluster) {
        return take(cluster, RunRecord.Terms.STANDARD);
    }

    RunId take(String cluster, RunRecord.Terms terms) {
        assertThat(rig.start(taking(cluster), terms)).isInstanceOf(Reply.RunStarted.class);
        return rig.run;
    }

    static RunRecord.Terms priority(int priority) {
        return new RunRecord.Terms(priority, Optional.empty());
    }

    /// The run of a cluster that has its machine, to its end.
    void settle(String cluster) {
        Machine machine = rig.machine(cluster + "-g-0");
        rig.work(machine.id().value().substring(2), Outcome.SUCCEEDED);
    }

    Reply giveBack(String cluster) {
        String name = cluster + "-g-0";
        FakePlan.Builder plan = FakePlan.of(cluster).kind(Plan.Kind.DESTROY);
        plan.pooled(name, Role.LEAVING, Optional.of(rig.machine(name).id()), "metal");
        plan.node(Action.RELEASE, "machine:release", name);
        return rig.start(plan.build());
    }

    boolean has(String cluster) {
        return rig.store.machines().stream()
                .anyMatch(machine ->
                        machine.placement().filter(at -> at.cluster().equals(cluster)).isPresent());
    }

    Standing.State standing(String machine) {
        return Standing.of(rig.machine(machine), rig.now()).state();
    }

    List<Effect.SwitchPower> switches() {
        return rig.effects.stream()
                .filter(Effect.SwitchPower.class::isInstance)
                .map(Effect.SwitchPower.class::cast)
                .toList();
    }

    NodeState state(RunId run, NodeKey key) {
        rig.run = run;
        return rig.state(key);
    }

    static Effect.SwitchPower power(MachineId id, boolean on) {
        return new Effect.SwitchPower(id, "fake", Optional.of("i-metal-1"), on);
    }

    void giveBackAfterCancel(String cluster, RunId run) {
        rig.step(new Input.Cancel(run, true, "ann"));
        giveBack(cluster);
    }

    Effect.CreateInstance asked() {
        return create().orElseThrow();
    }

    Optional<Effect.CreateInstance> create() {
        return rig.effects.stream()
                .filter(Effect.CreateInstance.class::isInstance)
                .map(Effect.CreateInstance.class::cast)
                .findFirst();
    }

    FakePlan wiping(int incarnation) {
        FakePlan.Builder plan = FakePlan.of("run-1").kind(Plan.Kind.MODULE);
        plan.member("metal-1", Role.INITIAL, Optional.of(Rig.id("metal-1")));
        plan.step("run", "metal-1").incarnation("m-metal-1." + incarnation);
        return plan.build();
    }

    Reply wipe() {
        return rig.clean(Rig.id("metal-1"), wiping(rig.machine("metal-1").incarnation()));
    }

    /// This engine goes on without a cluster: another one has it.
    void elsewhere(String cluster) {
        TreeSet<Shard> ours = new TreeSet<>(Shard.all());
        ours.add(Shard.ofEngine(Rig.id(NodeKey.ENGINE)));
        ours.remove(Shard.ofCluster(cluster));
        rig.engine(Rig.id(NodeKey.ENGINE), ours);
    }
}
