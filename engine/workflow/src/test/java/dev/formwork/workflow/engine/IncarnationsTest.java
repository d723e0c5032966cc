package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.Repeat;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// What makes a machine a new one, and what becomes of what was done on it.
class IncarnationsTest {
    private static final String PLANNED = "m-a.1";
    private static final String NEXT = "m-a.2";

    private final Rig rig = new Rig("a");
    private final FakePlan.Builder plan = FakePlan.of("demo");

    private NodeKey step(String name, NodeKey... reads) {
        return plan.step(name, "a").incarnation(PLANNED).reads(reads).key();
    }

    private String incarnation(NodeKey key) {
        return rig.result("demo", key).map(StepResult::incarnation).orElse("no result");
    }

    @Test
    void aMachineThatIsErasedIsANewOneAndItsOwnRunGoesOn() {
        NodeKey before = step("before");
        NodeKey aside = step("aside");
        NodeKey erase = plan.step("erase", "a").incarnation(PLANNED).erases().reads(before).key();
        NodeKey after = step("after", erase);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(aside)).isEqualTo(NodeState.SUCCEEDED);

        rig.work("a", Outcome.SUCCEEDED);

        assertThat(rig.machine("a").incarnationKey()).isEqualTo(NEXT);
        assertThat(incarnation(erase)).isEqualTo(NEXT);
        assertThat(incarnation(before)).as("it came before by the plan").isEqualTo(NEXT);
        assertThat(incarnation(aside)).as("the erasure may have hit it").isEqualTo(PLANNED);

        rig.restart();
        rig.work("a", Outcome.SUCCEEDED);

        assertThat(incarnation(after)).isEqualTo(NEXT);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void anErasureWhoseCheckHoldsErasesNothing() {
        NodeKey erase =
                plan.step("erase", "a")
                        .incarnation(PLANNED)
                        .erases()
                        .repeat(Repeat.VERIFY_FIRST)
                        .key();
        rig.start(plan.build());

        rig.work("a", Outcome.HOLDS);

        assertThat(rig.state(erase)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.machine("a").incarnationKey()).isEqualTo(PLANNED);
        assertThat(incarnation(erase)).isEqualTo(PLANNED);
    }

    @Test
    void anErasureThatALostAttemptMayHaveDoneCounts() {
        plan.step("erase", "a").incarnation(PLANNED).erases().repeat(Repeat.VERIFY_FIRST);
        rig.start(plan.build());
        rig.report("a", rig.take("a"), Outcome.INTERRUPTED);

        rig.work("a", Outcome.HOLDS);

        assertThat(rig.machine("a").incarnationKey()).isEqualTo(NEXT);
    }

    @Test
    void aBootFromARootInMemoryMakesANewMachine() {
        NodeKey first = step("first");
        NodeKey second = step("second", first);
        rig.start(plan.build());
        root(false);
        rig.work("a", Outcome.SUCCEEDED);

        rig.reboot("a");
        rig.poll("a");

        assertThat(rig.machine("a").incarnationKey()).isEqualTo(NEXT);
        assertThat(rig.state(second)).isEqualTo(NodeState.FAILED);
        assertThat(rig.node(second).code()).contains("plan.moved");
        assertThat(incarnation(first)).as("counts no more").isEqualTo(PLANNED);
    }

    @Test
    void aBootFromADiskDoesNot() {
        NodeKey first = step("first");
        NodeKey second = step("second", first);
        rig.start(plan.build());
        root(true);
        rig.work("a", Outcome.SUCCEEDED);

        rig.reboot("a");
        JobRecord job = rig.take("a");

        assertThat(job.key()).isEqualTo(second);
        assertThat(rig.machine("a").incarnationKey()).isEqualTo(PLANNED);
    }

    private void root(boolean persistent) {
        Value.Struct root =
                Value.of(
                        Map.of(
                                "filesystem", Value.of("x"),
                                "persistent", Value.of(persistent)));
        rig.step(new Input.FactsReported(Rig.credential("a"), Value.of(Map.of("root", root))));
    }
}
