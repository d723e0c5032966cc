package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord.State;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Engines that share a store: each knows its shards, and goes on with those of another.
class ShardsTest {
    private static final MachineId FIRST = Rig.id(NodeKey.ENGINE);
    private static final MachineId SECOND = new MachineId("m-second");
    private static final Shard RED = Shard.ofCluster("red");
    private static final Shard BLUE = Shard.ofCluster("blue");

    private final Rig rig = new Rig("a", "b");

    private void home(String machine, String cluster) {
        Machine moved = rig.machine(machine).withHome(cluster);
        rig.store.commit(List.of(new Change.PutMachine(moved))).join();
    }

    private static FakePlan plan(String cluster, String machine) {
        FakePlan.Builder plan = FakePlan.of(cluster).kind(Plan.Kind.MODULE);
        plan.step("s", machine);
        return plan.build();
    }

    @Test
    void knowsTheMachinesAndRunsOfItsShardsOnly() {
        home("a", "red");
        home("b", "blue");
        rig.engine(FIRST, Set.of(Shard.ofEngine(FIRST), RED));

        rig.start(plan("red", "a"));
        assertThat(rig.poll("a").jobs()).hasSize(1);
        Input ofAnother =
                new Input.Poll(Rig.credential("b"), "boot-1", Optional.empty(), List.of());
        assertThat(Rig.code(rig.step(ofAnother))).isEqualTo("agent.unauthorized");
    }

    @Test
    void anotherEngineGoesOnWithTheRunAndItsJob() {
        home("a", "red");
        rig.engine(FIRST, Set.of(Shard.ofEngine(FIRST), RED));
        rig.start(plan("red", "a"));
        JobRecord job = rig.take("a");

        rig.engine(SECOND, Set.of(Shard.ofEngine(SECOND), BLUE));
        rig.adopt(RED);
        assertThat(rig.poll("a", job).cancel()).isEmpty();
        rig.report("a", job, Outcome.SUCCEEDED);

        assertThat(rig.runState()).isEqualTo(State.SUCCEEDED);
        assertThat(rig.store.jobs(rig.run)).hasSize(1);
    }

    @Test
    void aRunOverSeveralShardsIsOfWhoeverHasAllOfThem() {
        home("a", "red");
        home("b", "blue");
        rig.engine(FIRST, Set.of(Shard.ofEngine(FIRST), RED, BLUE, Shard.ofCluster("over")));
        FakePlan.Builder plan = FakePlan.of("over").kind(Plan.Kind.MODULE);
        plan.step("s", "a");
        plan.step("s", "b");
        rig.start(plan.build());

        assertThat(rig.store.run(rig.run).orElseThrow().shards())
                .containsExactlyInAnyOrder(RED, BLUE, Shard.ofCluster("over"));
        assertThat(rig.core().ties())
                .singleElement()
                .satisfies(tie ->
                        assertThat(tie)
                                .containsExactlyInAnyOrder(RED, BLUE, Shard.ofCluster("over")));
    }

    @Test
    void theMachineOfAnEnginesOwnAgentIsTiedToTheRunForWhichItWorks() {
        rig.engine(FIRST, Set.of(Shard.ofEngine(FIRST), RED));
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("s", NodeKey.ENGINE);
        rig.start(plan.build());
        assertThat(rig.core().ties()).containsExactly(new TreeSet<>(Set.of(RED)));

        rig.take(NodeKey.ENGINE);
        assertThat(rig.core().ties().getFirst())
                .containsExactlyInAnyOrder(RED, Shard.ofEngine(FIRST));
    }

    @Test
    void whoTakesOverADeadEnginesAgentGoesOnWithItsJobAndBeginsNewOnesOnItsOwn() {
        rig.engine(FIRST, Set.of(Shard.ofEngine(FIRST), RED));
        FakePlan.Builder plan = FakePlan.of("red");
        NodeKey first = plan.step("s", NodeKey.ENGINE).key();
        NodeKey next = plan.step("t", NodeKey.ENGINE).reads(first).key();
        rig.start(plan.build());
        JobRecord job = rig.take(NodeKey.ENGINE);

        rig.engine(SECOND, Set.of(Shard.ofEngine(SECOND)));
        rig.adopt(RED, Shard.ofEngine(FIRST));
        rig.poll(NodeKey.ENGINE, job);
        rig.report(NodeKey.ENGINE, job, Outcome.SUCCEEDED);

        assertThat(rig.state(first)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.poll(NodeKey.ENGINE).jobs()).as("the dead engine's agent").isEmpty();
        assertThat(rig.state(next)).isEqualTo(NodeState.WAITING);
        assertThat(rig.node(next).reason()).contains("has not registered");
        assertThat(rig.result("red", first).orElseThrow().incarnation())
                .as("the same on every engine")
                .isEqualTo(NodeKey.ENGINE);
    }

    @Test
    void makesAMachineForItsOwnAgentOnce() {
        rig.engine(SECOND, Set.of(RED));
        assertThat(rig.store.machine(SECOND)).isEmpty();
        rig.adopt(Shard.ofEngine(SECOND));
        assertThat(rig.store.machine(SECOND))
                .hasValueSatisfying(it -> assertThat(it.isEngine()).isTrue());
    }

    @Test
    void doesNotEnrolItsAgentBeforeItHasTheMachine() {
        rig.engine(SECOND, Set.of(RED));
        assertThat(Rig.code(rig.step(new Input.Enrol(NodeKey.ENGINE, "engine"))))
                .isEqualTo("engine.elsewhere");
    }

    @Test
    void aMachineOutOfThePoolIsInTheShardOfTheClusterThatItJoins() {
        assertThat(Shard.of(rig.machine("a"))).isEqualTo(Shard.POOL);
        FakePlan.Builder plan = FakePlan.of("red");
        plan.member("a", Member.Role.INITIAL, Optional.of(Rig.id("a")));
        plan.step("s", "a");
        rig.start(plan.build());

        assertThat(Shard.of(rig.machine("a"))).isEqualTo(RED);
        assertThat(rig.store.run(rig.run).orElseThrow().shards()).containsExactly(RED);
    }

    @Test
    void aMachineOnWhichAnotherRunWorksStaysInItsShard() {
        rig.start(plan("module", "a"));
        FakePlan.Builder plan = FakePlan.of("red");
        plan.member("a", Member.Role.INITIAL, Optional.of(Rig.id("a")));
        plan.step("s", "a");
        rig.start(plan.build());

        assertThat(Shard.of(rig.machine("a"))).isEqualTo(Shard.POOL);
        assertThat(rig.store.run(rig.run).orElseThrow().shards())
                .containsExactlyInAnyOrder(RED, Shard.POOL);
    }

    @Test
    void runsWithAMutexAreTogether() {
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("s", "a").mutex("disk", 1);
        rig.start(plan.build());
        assertThat(rig.store.run(rig.run).orElseThrow().shards()).contains(Shard.MUTEXES);
    }

    @Test
    void shardsStayWhatTheyAre() {
        assertThat(Shard.ofCluster("demo").name())
                .as("part of the stored format")
                .isEqualTo("s-34");
        assertThat(Shard.all()).hasSize(64);
    }
}
