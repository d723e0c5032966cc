package dev.formwork.workflow.engine;

import static dev.formwork.workflow.engine.YamlRig.FAILS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.IntStream;

/// What `strategy` makes the engine do, from YAML to what runs on the machines.
class YamlTurnsTest {
    private static final String HEALTH = "health: {on: m, uses: work}";

    private final String[] machines;
    private final YamlRig rig;

    YamlTurnsTest() {
        machines = IntStream.range(0, 40).mapToObj("n%02d"::formatted).toArray(String[]::new);
        rig =
                new YamlRig(machines)
                        .module(
                                """
                                kind: Task
                                name: work
                                version: 1.0.0
                                inputs: {port: {type: integer, default: 0}}
                                outputs: {state: {type: string}}
                                run: "true"
                                """);
    }

    private List<String> roll(int count, String strategy, String... otherSteps) {
        return roll(count, 1, strategy, otherSteps);
    }

    /// What runs on the first so many machines.
    private List<String> roll(int count, int port, String strategy, String... otherSteps) {
        rig.module(
                """
                kind: Workflow
                name: w
                version: 1.0.0
                groups: [m]
                inputs: {port: {type: integer}}
                steps:
                  serve: {on: m, uses: work, with: {port: "${{ inputs.port }}"}, strategy: {%s}}
                """
                                .formatted(strategy)
                        + String.join("\n", otherSteps).indent(2));
        return rig.apply(
                """
                kind: Cluster
                name: demo
                workflow: w
                groups: {m: {machines: [%s]}}
                with: {port: %d}
                """
                        .formatted(String.join(", ", List.of(machines).subList(0, count)), port));
    }

    private List<String> served(int count) {
        return List.of(machines).subList(0, count).stream().map(name -> "serve@" + name).toList();
    }

    @Test
    void maxParallelMachinesRunAtATimeEachInItsTurn() {
        assertThat(roll(4, "max_parallel: 2"))
                .containsExactly(
                        "+serve@n00",
                        "+serve@n01",
                        "-serve@n00",
                        "+serve@n02",
                        "-serve@n01",
                        "+serve@n03",
                        "-serve@n02",
                        "-serve@n03");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource({"25%, 8, 2", "25%, 9, 3", "1%, 8, 1", "100%, 5, 5", "7, 5, 5"})
    void maxParallelMayBeAShareRoundedUp(String most, int count, int atATime) {
        List<String> journal = roll(count, "max_parallel: " + most);
        assertThat(YamlRig.most("serve", journal)).isEqualTo(atATime);
        assertThat(YamlRig.began(journal)).containsExactlyElementsOf(served(count));
    }

    @Test
    void theNextBeginsOnlyWhenTheOneBeforeItIsHealthy() {
        assertThat(roll(3, "max_parallel: 1, gate: health", HEALTH))
                .containsExactly(
                        "+serve@n00",
                        "-serve@n00",
                        "+health@n00",
                        "-health@n00",
                        "+serve@n01",
                        "-serve@n01",
                        "+health@n01",
                        "-health@n01",
                        "+serve@n02",
                        "-serve@n02",
                        "+health@n02",
                        "-health@n02");
    }

    @Test
    void aMachineThatIsNotHealthyStopsTheWavesAfterIt() {
        rig.says("health@n01", FAILS, "up");

        assertThat(YamlRig.began(roll(6, "max_parallel: 2, gate: health", HEALTH)))
                .containsExactly(
                        "serve@n00",
                        "serve@n01",
                        "health@n00",
                        "health@n01",
                        "serve@n02",
                        "health@n02");
        assertThat(rig.node("serve@n03").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);

        assertThat(YamlRig.began(rig.retry()).getFirst()).isEqualTo("health@n01");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.begun("serve@n01")).as("what stands is not done again").hasSize(1);
    }

    @Test
    void canariesGoFirstAndTheOthersWhenTheseAreHealthy() {
        assertThat(roll(4, "max_parallel: 3, canary: 1, gate: health", HEALTH))
                .startsWith(
                        "+serve@n00",
                        "-serve@n00",
                        "+health@n00",
                        "-health@n00",
                        "+serve@n01",
                        "+serve@n02",
                        "+serve@n03")
                .hasSize(16);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    /// `max_failures` would let them all go on.
    @Test
    void aFailedCanaryStopsTheOthersWhateverMayFail() {
        rig.says("serve@n00", FAILS, "up");

        assertThat(roll(6, "max_parallel: 1, canary: 25%, max_failures: 100%"))
                .as("two canaries: the other may still begin")
                .containsExactly("+serve@n00", "!serve@n00", "+serve@n01", "-serve@n01");
        assertThat(rig.node("serve@n02").state()).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);

        assertThat(YamlRig.began(rig.retry()))
                .containsExactly("serve@n00", "serve@n02", "serve@n03", "serve@n04", "serve@n05");
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    /// Turns run four at a time, so that when one fails three others have begun. With as many
    /// failures as may be all begin; with one more only what had begun before it.
    @ParameterizedTest
    @CsvSource({
        "0, 12, 0",
        "1, 12, 1",
        "3, 12, 3",
        "5%, 19, 0",
        "5%, 20, 1",
        "5%, 39, 1",
        "5%, 40, 2",
        "8%, 40, 3",
        "0%, 40, 0"
    })
    void maxFailuresIsHowManyMayFailAndAShareIsRoundedDown(String most, int count, int allowed) {
        String strategy = "max_parallel: 4, max_failures: " + most;
        fail(allowed);
        assertThat(YamlRig.began(roll(count, strategy))).containsExactlyElementsOf(served(count));
        assertThat(rig.run().state())
                .isEqualTo(allowed == 0 ? RunRecord.State.SUCCEEDED : RunRecord.State.FAILED);

        fail(allowed + 1);
        assertThat(YamlRig.began(roll(count, 2, strategy)))
                .containsExactlyElementsOf(served(2 * allowed + 4));
        assertThat(rig.run().state()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.node("serve@" + machines[count - 1]).state()).isEqualTo(NodeState.BLOCKED);
    }

    /// Every second machine fails, so many of them.
    private void fail(int count) {
        for (int i = 0; i < machines.length; i++) {
            rig.says("serve@" + machines[i], i % 2 == 0 && i / 2 < count ? FAILS : "up");
        }
    }

    @Test
    void turnsThatAreForChangesOnlyAreLiftedWhileTheGroupForms() {
        String strategy = "max_parallel: 1, when: changing";
        assertThat(YamlRig.most("serve", roll(3, 1, strategy))).isEqualTo(3);
        assertThat(YamlRig.most("serve", roll(3, 2, strategy))).isEqualTo(1);
    }
}
