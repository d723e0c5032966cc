package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.YamlRig.FAILS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `on_failure` makes the engine do, from YAML to what runs on the machines.
class YamlFailuresTest {
    private static final String CLUSTER =
            "{kind: Cluster, name: demo, workflow: w, groups: {m: {machines: [a, b]}}}";

    private final YamlRig rig =
            new YamlRig("a", "b")
                    .module(
                            """
                            kind: Task
                            name: work
                            version: 1.0.0
                            inputs: {text: {type: string, default: ""}}
                            outputs: {state: {type: string}}
                            run: "true"
                            undo: "true"
                            """);

    /// @param rest keys of the workflow itself, a line each
    private void workflow(String name, String rest, String steps) {
        rig.module(YamlRig.workflow(name, rest, steps));
    }

    @Test
    void stopBlocksWhatComesAfterAndAllElseGoesOn() {
        workflow(
                "w",
                "",
                """
                serve: {on: m, uses: work, on_failure: stop}
                next: {on: m, uses: work, needs: {serve: same}}
                last: {on: engine, uses: work, needs: [next]}
                """);
        rig.says("serve@a", FAILS);

        assertThat(rig.apply(CLUSTER))
                .containsExactly(
                        "+serve@a", "+serve@b", "!serve@a", "-serve@b", "+next@b", "-next@b");
        assertThat(rig.node("next@a").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node("last@engine").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
    }

    /// Written at the step, at the workflow, or at the step that nests the workflow: the same.
    @ParameterizedTest
    @ValueSource(strings = {"step", "workflow", "nesting step"})
    void continueLetsTheRunSucceedWithoutWhatComesAfter(String where) {
        workflow(
                "part",
                where.equals("workflow") ? "on_failure: continue" : "",
                """
                serve: {on: m, uses: work%s}
                next: {on: m, uses: work, needs: {serve: same}}
                """
                        .formatted(where.equals("step") ? ", on_failure: continue" : ""));
        workflow(
                "w",
                "",
                """
                part: {uses: part, groups: {m: m}%s}
                other: {on: engine, uses: work}
                """
                        .formatted(where.equals("nesting step") ? ", on_failure: continue" : ""));
        rig.says("part/serve@a", FAILS, "up");

        assertThat(YamlRig.began(rig.apply(CLUSTER)))
                .containsExactlyInAnyOrder(
                        "part/serve@a", "part/serve@b", "part/next@b", "other@engine");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.run().reason()).startsWith("tolerated: part/serve@a");
        assertThat(rig.node("part/next@a").state()).isEqualTo(NodeState.SKIPPED);

        assertThat(YamlRig.began(rig.apply(CLUSTER)))
                .as("the next plan has it run again")
                .containsExactly("part/serve@a", "part/next@a");
    }

    @Test
    void undoUndoesInTheReverseOrderWhatTheRunDidInThatWorkflow() {
        workflow(
                "part",
                "on_failure: undo",
                """
                one: {on: m, uses: work}
                two: {on: "m[0]", uses: work, needs: [one]}
                three: {on: engine, uses: work, needs: [two]}
                four: {on: m, uses: work, needs: [three]}
                """);
        workflow(
                "w",
                "",
                """
                before: {on: m, uses: work}
                part: {uses: part, groups: {m: m}, needs: [before]}
                """);
        rig.says("part/three@engine", FAILS, "up");

        assertThat(rig.apply(CLUSTER))
                .containsExactly(
                        "+before@a",
                        "+before@b",
                        "-before@a",
                        "-before@b",
                        "+part/one@a",
                        "+part/one@b",
                        "-part/one@a",
                        "-part/one@b",
                        "+part/two@a",
                        "-part/two@a",
                        "+part/three@engine",
                        "!part/three@engine",
                        "+rollback:part/two@a",
                        "-rollback:part/two@a",
                        "+rollback:part/one@a",
                        "+rollback:part/one@b",
                        "-rollback:part/one@a",
                        "-rollback:part/one@b");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);

        assertThat(YamlRig.began(rig.retry()))
                .as("all of it again that was undone, and nothing that was not")
                .containsExactly(
                        "part/one@a",
                        "part/one@b",
                        "part/two@a",
                        "part/three@engine",
                        "part/four@a",
                        "part/four@b");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aStepThatOnFailureNamesRunsAfterAllHasEndedAndIsToldWhatFailed() {
        workflow(
                "w",
                "",
                """
                serve: {on: m, uses: work, on_failure: {run: tell}}
                tell:
                  on: engine
                  uses: work
                  with: {text: "${{ failure.step + ' on ' + failure.machine + ': ' + failure.code }}"}
                """);
        rig.says("serve@a", FAILS, "up");

        assertThat(rig.apply(CLUSTER))
                .containsExactly(
                        "+serve@a",
                        "+serve@b",
                        "!serve@a",
                        "-serve@b",
                        "+tell@engine",
                        "-tell@engine");
        assertThat(rig.input("tell@engine", "text")).hasToString("serve on a: step.failed");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);

        assertThat(YamlRig.began(rig.retry())).containsExactly("serve@a");
        assertThat(rig.node("tell@engine").state()).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    /// A workflow whose failures run another workflow.
    private void rescued() {
        workflow(
                "rescue",
                "inputs: {what: {type: string}}",
                """
                gather: {on: m, uses: work, with: {text: "${{ inputs.what }}"}}
                send:
                  on: engine
                  uses: work
                  with: {text: "${{ inputs.what + ', ' + steps.gather.all.outputs.state.join(' ') }}"}
                """);
        workflow(
                "w",
                "on_failure: {run: rescue}",
                """
                serve: {on: m, uses: work}
                next: {on: m, uses: work, needs: [serve]}
                rescue:
                  uses: rescue
                  groups: {m: m}
                  with: {what: "${{ failure.step + ' on ' + failure.machine }}"}
                """);
    }

    @Test
    void aWorkflowThatOnFailureNamesRunsAsAWholeAfterTheFailure() {
        rescued();
        rig.says("serve@b", FAILS, FAILS, "up").says("rescue/gather@a", "log-of-a");

        assertThat(rig.apply(CLUSTER))
                .containsExactly(
                        "+serve@a",
                        "+serve@b",
                        "-serve@a",
                        "!serve@b",
                        "+rescue/gather@a",
                        "+rescue/gather@b",
                        "-rescue/gather@a",
                        "-rescue/gather@b",
                        "+rescue/send@engine",
                        "-rescue/send@engine");
        assertThat(rig.input("rescue/gather@a", "text")).hasToString("serve on b");
        assertThat(rig.input("rescue/send@engine", "text")).hasToString("serve on b, log-of-a ok");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);

        assertThat(YamlRig.began(rig.retry()))
                .as("anew after the next failure")
                .containsExactly(
                        "serve@b", "rescue/gather@a", "rescue/gather@b", "rescue/send@engine");
        assertThat(YamlRig.began(rig.retry())).containsExactly("serve@b", "next@a", "next@b");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.apply(CLUSTER)).as("an applied cluster plans to nothing").isEmpty();
    }

    @Test
    void aWorkflowThatOnFailureNamesIsSkippedWhereNothingFails() {
        rescued();

        assertThat(YamlRig.began(rig.apply(CLUSTER)))
                .containsExactly("serve@a", "serve@b", "next@a", "next@b");
        assertThat(rig.node("rescue/gather@a").state()).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.node("rescue/send@engine").state()).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatFailsInAWorkflowThatOnFailureNamesBlocksItsOwnStepsAndRunsNothingElse() {
        rescued();
        rig.says("serve@b", FAILS).says("rescue/gather@a", FAILS);

        assertThat(rig.apply(CLUSTER))
                .containsExactly(
                        "+serve@a",
                        "+serve@b",
                        "-serve@a",
                        "!serve@b",
                        "+rescue/gather@a",
                        "+rescue/gather@b",
                        "!rescue/gather@a",
                        "-rescue/gather@b");
        assertThat(rig.node("rescue/send@engine").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
    }
}
