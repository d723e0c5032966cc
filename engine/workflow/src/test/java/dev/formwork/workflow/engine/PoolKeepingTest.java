package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.PoolRig.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.NodeState;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Machines that a pool has made before anybody asks.
class PoolKeepingTest {
    private static final String KEEPING =
            "make: {provider: fake, machine: {size: big}, most: 3, keep: 1}\nclean: delete\n";

    private final PoolRig pools = new PoolRig();
    private final Rig rig = pools.rig;

    private void comesUp(MachineId id) {
        rig.step(
                new Input.InstanceCreated(
                        id, "i-" + id, Optional.empty(), Hardware.NONE, List.of()));
        rig.step(
                new Input.Register(
                        Secrets.hash("token-of-" + id),
                        Secrets.hash("c"),
                        "boot-1",
                        Value.Struct.EMPTY));
    }

    private Set<MachineId> made() {
        return rig.store.pools().getFirst().made();
    }

    @Test
    void makesWhatIsMissingBeforeAnybodyAsks() {
        pools.apply(KEEPING);
        Effect.CreateInstance asked = pools.asked();
        assertThat(asked.name()).startsWith("metal-");
        assertThat(asked.spec().fields()).containsKey("size");
        assertThat(pools.standing(asked.name())).isEqualTo(Standing.State.MAKING);
        rig.restart();
        assertThat(pools.asked()).as("asked again").isEqualTo(asked);
        comesUp(asked.machine());
        assertThat(pools.standing(asked.name())).isEqualTo(Standing.State.FREE);
        rig.poll("metal-1");
        assertThat(made()).containsExactly(asked.machine());
    }

    @Test
    void makesAnotherOneWhenItIsTakenAndNoMoreThanItMay() {
        pools.apply(KEEPING);
        MachineId first = pools.asked().machine();
        comesUp(first);
        pools.take("red");
        assertThat(rig.machine("red-g-0").id()).isEqualTo(first);
        MachineId second = pools.asked().machine();
        assertThat(made()).containsExactlyInAnyOrder(first, second);
        pools.take("blue");
        assertThat(rig.machine("blue-g-0").state()).isEqualTo(Machine.State.REQUESTED);
        assertThat(made()).hasSize(3);
        RunId green = pools.take("green");
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        comesUp(second);
        assertThat(rig.machine("green-g-0").id()).isEqualTo(second);
        assertThat(made()).as("it may have no more").hasSize(3);
    }

    @Test
    void asksAgainForTheSameOneWhileItsProviderRefuses() {
        pools.apply(KEEPING);
        Effect.CreateInstance asked = pools.asked();
        for (int i = 0; i < 20; i++) {
            rig.step(
                    new Input.InstanceFailed(
                            asked.machine(), "provider.quota", "there is no room", false));
            assertThat(pools.create()).isEmpty();
            assertThat(Standing.of(rig.machine(asked.name()), rig.now()).reason())
                    .contains("there is no room (provider.quota); asked again at");
            rig.pass(Duration.ofMinutes(2));
            assertThat(pools.asked()).isEqualTo(asked);
        }
        assertThat(made()).hasSize(1);
    }

    @Test
    void givesUpWhatItAskedForInVainWhenNoneIsToBeKept() {
        pools.apply(KEEPING);
        MachineId id = pools.asked().machine();
        rig.step(new Input.InstanceFailed(id, "provider.quota", "there is no room", false));
        pools.apply(KEEPING.replace("keep: 1", "keep: 0"));
        rig.pass(Duration.ofMinutes(2));
        assertThat(pools.create()).isEmpty();
        assertThat(rig.effects).contains(new Effect.RemoveInstance(id, "fake", Optional.empty()));
        rig.step(new Input.InstanceRemoved(id));
        assertThat(made()).isEmpty();
    }

    @Test
    void whatIsReservedIsNotThereForWhoeverComes() {
        pools.apply(KEEPING);
        MachineId first = pools.asked().machine();
        comesUp(first);
        rig.step(new Input.Reserve("metal", 1, "red", Optional.empty(), "ann"));
        assertThat(pools.asked().machine()).isNotEqualTo(first);
    }
}
