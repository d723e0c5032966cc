package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.PoolRig.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.NodeState;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// Machines that a pool has made, and has removed.
class PoolMakingTest {
    private final PoolRig pools = new PoolRig();
    private final Rig rig = pools.rig;

    @Test
    void aPoolMakesAsManyAsItMayAndDeletesThem() {
        pools.apply("make: {provider: fake, machine: {size: big}, most: 1}\nclean: delete\n");
        RunId red = pools.take("red");
        Effect.CreateInstance asked = pools.asked();
        RunId blue = pools.take("blue");
        assertThat(asked.spec().fields()).containsKey("size");
        assertThat(asked.name()).startsWith("metal-");
        assertThat(pools.state(blue, allocate("blue"))).isEqualTo(NodeState.WAITING);
        MachineId id = asked.machine();
        rig.restart();
        assertThat(pools.asked().machine()).as("asked for again").isEqualTo(id);
        rig.step(new Input.InstanceCreated(id, "i-9", Optional.empty(), Hardware.NONE, List.of()));
        assertThat(pools.state(red, allocate("red"))).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.store.pools().getFirst().made()).containsExactly(id);

        pools.giveBackAfterCancel("red", red);
        assertThat(rig.effects).contains(new Effect.RemoveInstance(id, "fake", Optional.of("i-9")));
        assertThat(pools.create()).isEmpty();
        rig.step(new Input.InstanceRemoved(id));
        assertThat(pools.create()).as("there is room for another one").isPresent();
        assertThat(rig.store.pools().getFirst().made()).hasSize(1).doesNotContain(id);
    }

    private static final String BIG = "make: {provider: fake, machine: {size: big}, most: 1}\n";

    @Test
    void asksAgainForWhatItAskedForThoughThePoolIsDeclaredAnew() {
        pools.apply(BIG);
        pools.take("red");
        Effect.CreateInstance asked = pools.asked();
        pools.apply(BIG.replace("big", "small"));
        rig.restart();
        assertThat(pools.asked()).isEqualTo(asked);
    }

    @Test
    void makesNoOtherMachineThanThePlanSaid() {
        pools.apply(BIG.replace("fake", "dear"));
        rig.start(PoolRig.taking("red", FakePlan.of("red").makes("fake")));
        assertThat(pools.create()).isEmpty();
        assertThat(rig.core().explain(rig.run, allocate("red")).getFirst().reason())
                .contains("it would make another one than the plan said (plan again)");
        pools.apply(BIG);
        assertThat(pools.asked().provider()).isEqualTo("fake");
    }

    @Test
    void whatAPoolMadeIsRemovedWhenAPersonSaysSo() {
        pools.apply(BIG);
        RunId red = pools.take("red");
        MachineId id = pools.asked().machine();
        rig.step(new Input.InstanceCreated(id, "i-9", Optional.empty(), Hardware.NONE, List.of()));
        assertThat(delete("red-g-0")).isEqualTo("pool.not-free");
        pools.giveBackAfterCancel("red", red);
        String name = rig.store.machine(id).orElseThrow().name();
        assertThat(delete(name)).as("it is being removed").isEqualTo("pool.not-free");
        rig.step(new Input.InstanceFailed(id, "fake.stuck", "it is stuck", false));
        assertThat(pools.standing(name)).isEqualTo(Standing.State.DIRTY);
        assertThat(Rig.code(rig.step(new Input.DropPool("metal", false, "ann"))))
                .isEqualTo("pool.in-use");

        rig.step(new Input.DeleteMachine("metal", name, "ann"));

        Effect asked = new Effect.RemoveInstance(id, "fake", Optional.of("i-9"));
        assertThat(rig.effects).containsExactly(asked);
        rig.restart();
        assertThat(rig.effects).as("asked again").contains(asked);
        rig.step(new Input.InstanceRemoved(id));
        assertThat(rig.store.machine(id)).isEmpty();
        assertThat(rig.step(new Input.DropPool("metal", false, "ann"))).isEqualTo(new Reply.Done());
    }

    @Test
    void explainsThatItsMachinesAreInClustersOfOtherEngines() {
        pools.apply(BIG);
        RunId red = pools.take("red");
        rig.step(new Input.Cancel(red, true, "ann"));
        pools.elsewhere("red");
        RunId green = pools.take("green");
        assertThat(rig.core().explain(green, allocate("green")).get(1).reason())
                .isEqualTo("1 in clusters of other engines");
    }

    @Test
    void whatAPoolDidNotMakeIsNotRemoved() {
        pools.declare("");
        assertThat(delete("metal-1")).isEqualTo("pool.not-made");
        assertThat(delete("other")).isEqualTo("pool.not-in-it");
        assertThat(delete("nobody")).isEqualTo("machine.unknown");
    }

    private String delete(String machine) {
        return Rig.code(rig.step(new Input.DeleteMachine("metal", machine, "ann")));
    }
}
