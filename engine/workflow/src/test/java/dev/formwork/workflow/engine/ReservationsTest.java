package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.PoolRig.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.NodeState;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/// Machines of a pool that are kept for a cluster.
class ReservationsTest {
    private final PoolRig pools = new PoolRig();
    private final Rig rig = pools.rig;

    @Test
    void whatIsReservedIsGivenToNobodyElseUntilItIsOver() {
        pools.declare("");
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
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.RESERVED);
        pools.take("red");
        assertThat(rig.machine("red-g-0").id()).isEqualTo(Rig.id("metal-2"));
        RunId green = pools.take("green");
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        rig.restart();
        rig.pass(Duration.ofMinutes(4));
        rig.poll("metal-1");
        assertThat(pools.has("green")).isFalse();
        rig.pass(Duration.ofMinutes(1));
        assertThat(pools.has("green")).isTrue();
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
        pools.declare("");
        rig.step(new Input.Reserve("metal", 2, "blue", Optional.empty(), "ann"));
        RunId green = pools.take("green");
        pools.take("blue");
        assertThat(pools.has("blue")).isTrue();
        assertThat(pools.state(green, allocate("green"))).isEqualTo(NodeState.WAITING);
        rig.step(new Input.Unreserve("metal", "blue", "ann"));
        assertThat(pools.has("green")).isTrue();
    }

    @Test
    void isForTheNameOfACluster() {
        pools.declare("");
        assertThat(
                        Rig.code(
                                rig.step(
                                        new Input.Reserve(
                                                "metal", 1, "No Name", Optional.empty(), "ann"))))
                .isEqualTo("pool.bad-reservation");
    }

    @Test
    void endsInThePoolInWhichItWasMadeThoughTheMachineWasAnothersLast() {
        pools.declare("clean: nothing\n");
        pools.take("red");
        pools.settle("red");
        pools.giveBack("red");
        Pool iron =
                Pool.of(
                        "kind: Pool\nname: iron\nwhere: machine.name == 'metal-1'\n",
                        new TreeSet<>());
        rig.step(new Input.ApplyPool(iron, "ann"));
        rig.step(new Input.Reserve("iron", 1, "blue", Optional.empty(), "ann"));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.RESERVED);
        rig.step(new Input.Unreserve("iron", "blue", "ann"));
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
    }

    @Test
    void endsWithItsPool() {
        pools.declare("");
        rig.step(new Input.Reserve("metal", 2, "blue", Optional.empty(), "ann"));
        assertThat(rig.step(new Input.DropPool("metal", false, "ann"))).isEqualTo(new Reply.Done());
        pools.declare("");
        assertThat(pools.standing("metal-1")).isEqualTo(Standing.State.FREE);
        assertThat(pools.standing("metal-2")).isEqualTo(Standing.State.FREE);
    }
}
