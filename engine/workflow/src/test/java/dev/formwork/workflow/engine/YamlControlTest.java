package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.YamlRig.FAILS;
import static dev.formwork.workflow.engine.YamlRig.HANGS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.LongStream;

/// What the words of a step that say how it runs make the engine do: `until`, `retry`, `timeout`,
/// `mutex`, `parallel`, from YAML to what runs on the machines.
class YamlControlTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final YamlRig rig =
            new YamlRig("a", "b", "c")
                    .module(
                            """
                            kind: Task
                            name: work
                            version: 1.0.0
                            inputs: {text: {type: string, default: ""}}
                            outputs: {state: {type: string}}
                            run: "true"
                            """);

    private static String workflow(String steps) {
        return YamlRig.workflow("w", "", steps);
    }

    private static String cluster(String name, String machines) {
        return "{kind: Cluster, name: %s, workflow: w, groups: {m: {machines: [%s]}}}"
                .formatted(name, machines);
    }

    private static Duration[] seconds(long... each) {
        return LongStream.of(each).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }

    @Test
    void untilRunsAStepAgainAfterItsDelayAndWhatComesAfterItReadsTheLast() {
        rig.module(
                workflow(
                        """
                        wait:
                          on: m
                          uses: work
                          until: {condition: "${{ outputs.state == 'up' }}", max: 5, delay: 20s}
                        next: {on: m, uses: work, with: {text: "${{ steps.wait.outputs.state }}"}}
                        """));
        rig.says("wait@a", "down", "down", "up");

        assertThat(rig.apply(cluster("demo", "a")))
                .containsExactly(
                        "+wait@a", "-wait@a", "+wait@a", "-wait@a", "+wait@a", "-wait@a", "+next@a",
                        "-next@a");
        assertThat(rig.begun("wait@a")).containsExactly(seconds(0, 20, 40));
        assertThat(rig.input("next@a", "text")).hasToString("up");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void untilEndsAfterAsManyRunsAsItAllows() {
        rig.module(
                workflow(
                        """
                        wait:
                          on: m
                          uses: work
                          until: {condition: "${{ outputs.state == 'up' }}", max: 3, delay: 20s}
                        next: {on: m, uses: work, needs: [wait]}
                        """));
        rig.says("wait@a", "down");

        assertThat(YamlRig.began(rig.apply(cluster("demo", "a"))))
                .containsExactly("wait@a", "wait@a", "wait@a");
        assertThat(rig.node("wait@a").code()).contains("step.until-exhausted");
        assertThat(rig.node("next@a").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void retryHasThatManyMoreAttemptsThatLongApart() {
        rig.module(
                workflow(
                        """
                        serve: {on: m, uses: work, retry: {times: 2, delay: 30s}}
                        next: {on: m, uses: work, needs: {serve: same}}
                        """));
        rig.says("serve@a", FAILS, FAILS, "up").says("serve@b", FAILS);

        rig.apply(cluster("demo", "a, b"));

        assertThat(rig.begun("serve@a")).containsExactly(seconds(0, 30, 60));
        assertThat(rig.begun("serve@b")).containsExactly(seconds(0, 30, 60));
        assertThat(rig.node("next@a").state()).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node("next@b").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void timeoutOfAStepEndsEachAttempt() {
        rig.module(
                workflow("serve: {on: m, uses: work, timeout: 1m, retry: {times: 1, delay: 5s}}"));
        rig.says("serve@a", HANGS, "up");

        assertThat(rig.apply(cluster("demo", "a")))
                .containsExactly("+serve@a", "!serve@a", "+serve@a", "-serve@a");
        assertThat(rig.begun("serve@a")).containsExactly(seconds(0, 65));
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    /// The step that nests it says otherwise than the workflow does.
    @Test
    void timeoutOfAWorkflowEndsWhatRunsInItAndBeginsNothingMoreThere() {
        rig.module(
                """
                kind: Workflow
                name: part
                version: 1.0.0
                groups: [m]
                timeout: 1h
                steps:
                  slow: {on: m, uses: work, retry: {times: 3}}
                  next: {on: m, uses: work, needs: {slow: same}}
                """);
        rig.module(
                workflow(
                        """
                        part: {uses: part, groups: {m: m}, timeout: 1m}
                        beside: {on: "m[0]", uses: work}
                        after: {on: engine, uses: work, needs: [part]}
                        """));
        rig.says("part/slow@b", HANGS);

        assertThat(rig.apply(cluster("demo", "a, b")))
                .contains("-part/slow@a", "-part/next@a", "-beside@a", "!part/slow@b")
                .doesNotContain("+part/next@b", "+after@engine")
                .hasSize(8);
        assertThat(rig.rig.now()).isEqualTo(rig.run().createdAt().plus(MINUTE));
        assertThat(rig.node("part/slow@b").code()).contains("workflow.timeout");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void mutexIsHeldByOneNodeOfAllRunsThatNameIt() {
        rig.module(workflow("serve: {on: m, uses: work, mutex: database}"));
        rig.start(cluster("one", "a, b"));
        rig.start(cluster("two", "c"));

        assertThat(rig.play())
                .containsExactly(
                        "+serve@a", "-serve@a", "+serve@b", "-serve@b", "+serve@c", "-serve@c");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void mutexMayBeHeldBySeveralAndBeNamedByAnExpression() {
        rig.module(
                workflow(
                        """
                        serve:
                          on: m
                          uses: work
                          mutex: {name: "${{ 'of/' + cluster.name }}", max: 2}
                        """));
        rig.start(cluster("one", "a, b, c"));
        assertThat(YamlRig.most("serve", rig.play())).isEqualTo(2);

        rig.module(
                workflow(
                        """
                        serve:
                          on: m
                          uses: work
                          with: {text: again}
                          mutex: "${{ 'on/' + machine.name }}"
                        """));
        rig.start(cluster("one", "a, b, c"));
        assertThat(YamlRig.most("serve", rig.play())).as("each its own").isEqualTo(3);
    }

    @Test
    void parallelStepsRunBesideOthersOfTheirMachine() {
        String steps =
                """
                first: {on: m, uses: work%1$s}
                second: {on: m, uses: work%1$s}
                third: {on: m, uses: work}
                """;
        rig.module(workflow(steps.formatted(", parallel: true")));
        assertThat(rig.apply(cluster("beside", "a")))
                .containsExactly(
                        "+first@a", "+second@a", "+third@a", "-first@a", "-second@a", "-third@a");

        rig.module(workflow(steps.formatted("")));
        assertThat(rig.apply(cluster("alone", "b")))
                .containsExactly(
                        "+first@b", "-first@b", "+second@b", "-second@b", "+third@b", "-third@b");
    }
}
