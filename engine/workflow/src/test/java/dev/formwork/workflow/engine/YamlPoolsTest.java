package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Clusters that take from a pool, from YAML to what runs on which machine.
class YamlPoolsTest {
    private final YamlRig rig =
            new YamlRig("big", "small")
                    .module(
                            """
                            kind: Task
                            name: work
                            version: 1.0.0
                            outputs: {state: {type: string}}
                            run: "true"
                            undo: "true"
                            """)
                    .module(YamlRig.workflow("w", "", "serve: {on: m, uses: work}"));

    YamlPoolsTest() {
        fact("big", 64_000);
        fact("small", 1_000);
        rig.rig.step(
                new Input.ApplyPool(
                        Pool.of(
                                """
                                kind: Pool
                                name: metal
                                where: ${{ machine.facts.memory_mb > 0 }}
                                """,
                                new TreeSet<>()),
                        "ann"));
    }

    private void fact(String machine, int memory) {
        rig.rig.step(
                new Input.FactsReported(
                        Rig.credential(machine), Value.of(Map.of("memory_mb", Value.of(memory)))));
    }

    private static String cluster(String name, int count, String more) {
        return "kind: Cluster\nname: %s\nworkflow: w\ngroups: {m: {count: %d, pool: metal%s}}\n"
                .formatted(name, count, more);
    }

    private static String big(String name) {
        return cluster(name, 1, ", where: machine.facts.memory_mb >= 32000");
    }

    private Optional<String> machineOf(String member) {
        return rig.rig.store.machines().stream()
                .filter(machine -> machine.name().equals(member))
                .map(Machine::id)
                .map(id -> id.value().substring(2))
                .findFirst();
    }

    @Test
    void aGroupGetsOnlyMachinesThatWillDoAndKeepsNobodyFromTheOthers() {
        assertThat(rig.apply(big("red"))).containsExactly("+serve@red-m-0", "-serve@red-m-0");
        assertThat(machineOf("red-m-0")).contains("big");
        RunId waiting = rig.start(big("blue"));
        assertThat(rig.rig.core().poolWaits("metal")).hasSize(1);

        rig.start(cluster("green", 1, ""));

        assertThat(machineOf("green-m-0")).contains("small");
        assertThat(rig.rig.store.run(waiting).orElseThrow().state())
                .isEqualTo(RunRecord.State.RUNNING);
        assertThat(rig.rig.core().poolWaits("metal")).hasSize(1);
    }

    @Test
    void whatOneClusterGivesBackTheNextOneGets() {
        rig.apply(big("red"));
        RunId waiting = rig.start(big("blue"));
        rig.start(cluster("red", 0, ""));
        assertThat(machineOf("blue-m-0")).as("its undo comes first").isEmpty();

        assertThat(rig.play())
                .containsSubsequence("+undo:serve@red-m-0", "-undo:serve@red-m-0")
                .containsSubsequence("-undo:serve@red-m-0", "+serve@blue-m-0");

        assertThat(machineOf("blue-m-0")).contains("big");
        assertThat(rig.rig.store.run(waiting).orElseThrow().state())
                .isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.apply(big("blue"))).as("it stays").isEmpty();
    }
}
