package dev.formwork.workflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.schema.Schemas;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The name of a step's mutex, as its workflow says it.
class StepMutexTest {
    private static final String TASK =
            "{kind: Task, name: t, version: 1.0.0, outputs: {o: {type: string}}, run: 'true'}";

    private static LoadedModule module(String yaml) {
        return ModuleLoader.load(
                new FileTree(Map.of(ModuleLoader.FILE, yaml.getBytes(StandardCharsets.UTF_8))));
    }

    private static Optional<Composition> compose(String step, Problems problems) {
        String workflow =
                "{kind: Workflow, name: w, version: 1.0.0, inputs: {rack: {type: string}}, steps:"
                        + " {first: {uses: t, on: engine}, s: "
                        + step
                        + "}}";
        return Composer.compose(
                ClusterLoader.load(
                        "c.yaml", "{kind: Cluster, name: demo, workflow: w, with: {rack: r 7}}"),
                Catalog.of(List.of(module(TASK), module(workflow)), List.of()),
                problems);
    }

    private static StepWork work(String step) {
        Problems problems = new Problems();
        Composition composition = compose(step, problems).orElseThrow();
        problems.throwIfAny();
        return composition.work(
                NodeKey.of("s", NodeKey.ENGINE),
                new Membership(List.of()),
                Pinned.NOTHING,
                new Schemas());
    }

    private static Optional<Mutex> mutex(String step, Outputs first) {
        return work(step).mutex(new SettableWorld(first))
                        instanceof Resolution.Known<Optional<Mutex>>(Optional<Mutex> mutex)
                ? mutex
                : Optional.of(new Mutex("unknown", 0));
    }

    private static Outputs said(String text) {
        return new Outputs.Known(Value.of(Map.of("o", Value.of(text))));
    }

    @Test
    void isAText() {
        assertThat(mutex("{uses: t, on: engine, mutex: db}", said("x")))
                .contains(new Mutex("db", 1));
        assertThat(mutex("{uses: t, on: engine, mutex: {name: db, max: 3}}", said("x")))
                .contains(new Mutex("db", 3));
        assertThat(mutex("{uses: t, on: engine}", said("x"))).isEmpty();
        assertThat(work("{uses: t, on: engine}").parallel()).isFalse();
        assertThat(work("{uses: t, on: engine, parallel: true}").parallel()).isTrue();
    }

    @Test
    void isWhatAnExpressionGives() {
        String step = "{uses: t, on: engine, mutex: 'rack-${{ steps.first.outputs.o }}'}";
        assertThat(mutex(step, said("9"))).contains(new Mutex("rack-9", 1));
        assertThat(mutex(step, new Outputs.Unknown())).contains(new Mutex("unknown", 0));
    }

    @Test
    void mustBeAName() {
        StepWork blank = work("{uses: t, on: engine, mutex: '${{ inputs.rack }}'}");
        ProblemException problem =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> blank.mutex(new SettableWorld(new Outputs.Unknown())));
        assertThat(problem)
                .hasMessage(
                        "step.bad-mutex: the name of its mutex is not one: 'r 7' (letters, digits"
                                + " and . _ : / @ -, at most 200, a letter or digit first)");
    }

    @Test
    void isNotForANestedWorkflow() {
        Problems problems = new Problems();
        compose("{uses: w, groups: {}, mutex: db}", problems);
        assertThat(problems.all())
                .anySatisfy(problem -> assertThat(problem.code()).isEqualTo("step.nested-control"));
    }

    private record SettableWorld(Outputs first) implements World {
        @Override
        public Outputs outputs(NodeKey step) {
            return first;
        }

        @Override
        public Optional<Value.Struct> live(String machine) {
            return Optional.empty();
        }

        @Override
        public Optional<Value.Struct> lastKnown(String machine) {
            return Optional.empty();
        }
    }
}
