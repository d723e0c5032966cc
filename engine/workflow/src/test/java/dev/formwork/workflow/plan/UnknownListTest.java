package dev.formwork.workflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A `for_each` over a list that becomes known only when the plan is applied.
class UnknownListTest {
    private static final Map<String, Object> LIST =
            Map.of(
                    "kind", "Task",
                    "name", "list",
                    "version", "1.0.0",
                    "outputs",
                            Map.of(
                                    "items",
                                    Map.of("type", "array", "items", Map.of("type", "string"))),
                    "run", "true");
    private static final Map<String, Object> NOTE =
            Map.of(
                    "kind", "Task",
                    "name", "note",
                    "version", "1.0.0",
                    "inputs", Map.of("text", Map.of("type", "string")),
                    "run", "true");
    private static final Map<String, Object> WORKFLOW =
            Map.of(
                    "kind", "Workflow",
                    "name", "w",
                    "version", "1.0.0",
                    "steps",
                            Map.of(
                                    "list", Map.of("on", "engine", "uses", "list"),
                                    "each",
                                            Map.of(
                                                    "on",
                                                    "engine",
                                                    "uses",
                                                    "note",
                                                    "for_each",
                                                    Map.of(
                                                            "in",
                                                            "steps.list.outputs.items",
                                                            "max",
                                                            2),
                                                    "with",
                                                    Map.of("text", "${{ item }}"))));

    private final GoldenCase golden =
            new GoldenCase(
                    List.of(LIST, NOTE, WORKFLOW),
                    Map.of("cluster", Map.of("kind", "Cluster", "name", "demo", "workflow", "w")));

    @Test
    void moreItemsThanMaxFailTheStepInsteadOfBeingLeftOut() {
        Plan plan = golden.plan();
        Map<String, Object> three = Map.of("list", Map.of("items", List.of("a", "b", "c")));
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class, () -> golden.apply(plan, three, Set.of()));
        assertThat(thrown.problems())
                .extracting(Problem::code)
                .containsExactly("step.too-many-items");
    }

    @Test
    void fewerItemsThanMaxSkipTheRest() {
        Plan plan = golden.plan();
        golden.apply(plan, Map.of("list", Map.of("items", List.of("a"))), Set.of());
        assertThat(golden.plan().nodes())
                .extracting(node -> node.key().toString())
                .containsExactly("list@engine", "each[0]@engine");
    }
}
