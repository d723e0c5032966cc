package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.module;
import static dev.formwork.model.yaml.Samples.moduleProblems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Location;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.OnFailure;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Step.NeedScope;
import dev.formwork.model.module.Step.Target;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

class WorkflowLoadingTest {
    private final Workflow workflow = (Workflow) module(Samples.WORKFLOW).module();

    private Step step(String name) {
        return Objects.requireNonNull(workflow.steps().get(name));
    }

    private static Expression code(String source, int line, int column) {
        return new Expression(source, new Location("module.yaml", line, column));
    }

    private static String withStep(String step) {
        return """
        kind: Workflow
        name: w
        version: 1.0.0
        groups: [members]
        steps:
          other: {on: engine, uses: x}
          it: %s
        """
                .formatted(step);
    }

    @Test
    void loadsWhatAWorkflowSaysOfItself() {
        assertThat(workflow.header().provides()).containsExactly("kv-store");
        assertThat(workflow.requires()).containsExactly("etcd/package");
        assertThat(workflow.groups()).containsExactly("members");
        assertThat(workflow.inputs()).containsOnlyKeys("client_port");
        assertThat(workflow.steps().keySet())
                .containsExactly("package", "ca", "grow", "member", "health", "inner");
    }

    @Test
    void knowsEveryPlaceAStepCanRunOn() {
        assertThat(step("package").target()).isEqualTo(new Target.OnGroup("members"));
        assertThat(step("ca").target()).isEqualTo(new Target.OnEngine());
        assertThat(step("grow").target()).isEqualTo(new Target.OnPeer());
        assertThat(step("health").target()).isEqualTo(new Target.OnMember("members", 0));
        assertThat(step("inner").target())
                .isEqualTo(new Target.Nested(Map.of("workers", "members")));
    }

    @Test
    void loadsTheControlOfAStep() {
        assertThat(step("member").retry()).contains(new Step.Retry(3, Duration.ofSeconds(5)));
        assertThat(step("member").until())
                .get()
                .extracting(Step.Until::max, Step.Until::delay)
                .containsExactly(30, Duration.ofSeconds(10));
        assertThat(step("member").strategy())
                .contains(
                        new Step.Strategy(
                                new Step.Amount(1, false),
                                new Step.Amount(10, true),
                                new Step.Amount(0, true),
                                Optional.of("health"),
                                true));
        assertThat(step("health").needs())
                .containsExactly(
                        Map.entry("member", NeedScope.ALL), Map.entry("package", NeedScope.SAME));
        assertThat(step("inner").needs())
                .containsExactly(
                        Map.entry("health", NeedScope.ALL), Map.entry("ca", NeedScope.ALL));
        assertThat(step("health").timeout()).contains(Duration.ofMillis(500));
        assertThat(step("health").partial()).isTrue();
        assertThat(step("inner").bind())
                .containsExactly(Map.entry("etcd/package", "etcd/from-archive"));
    }

    @Test
    void loadsWhatAStepNeedsForItself() {
        assertThat(only("{uses: x, on: engine}").mutex()).isEmpty();
        assertThat(only("{uses: x, on: engine}").parallel()).isFalse();
        assertThat(only("{uses: x, on: engine, parallel: true}").parallel()).isTrue();
        assertThat(only("{uses: x, on: engine, mutex: db/primary}").mutex())
                .contains(new Step.Mutex(constant("db/primary", 7, 36), 1));
        assertThat(only("{uses: x, on: engine, mutex: {name: db, max: 3}}").mutex())
                .contains(new Step.Mutex(constant("db", 7, 43), 3));
        assertThat(only("{uses: x, on: engine, mutex: '${{ inputs.a }}'}").mutex())
                .contains(new Step.Mutex(new Template.Computed(code("inputs.a", 7, 41)), 1));
    }

    private static Step only(String step) {
        return Objects.requireNonNull(
                ((Workflow) module(withStep(step)).module()).steps().get("it"));
    }

    private static Template constant(String text, int line, int column) {
        return new Template.Constant(Value.of(text), new Location("module.yaml", line, column));
    }

    @Test
    void knowsWhereEachExpressionStands() {
        assertThat(step("grow").forEach())
                .contains(
                        new Step.ForEach(code("groups.members.joining", 13, 15), Optional.empty()));
        assertThat(step("inner").forEach())
                .contains(new Step.ForEach(code("['a', 'b']", 38, 21), Optional.of(2)));
        assertThat(step("health").when()).contains(code("inputs.client_port > 0", 29, 15));
        assertThat(step("grow").with())
                .containsEntry("name", new Template.Computed(code("item.name", 16, 23)));
        assertThat(step("member").with())
                .containsEntry(
                        "ca", new Template.Computed(code("steps.ca.outputs.certificate", 22, 15)));
    }

    @Test
    void loadsOutputsInBothForms() {
        assertThat(workflow.results()).containsOnlyKeys("endpoints", "key");
        assertThat(workflow.outputs()).containsOnlyKeys("endpoints", "key");
        assertThat(Objects.requireNonNull(workflow.outputs().get("key")).secret()).isTrue();
        assertThat(Objects.requireNonNull(workflow.outputs().get("key")).schema().fields())
                .containsOnlyKeys("type");
        assertThat(workflow.results())
                .containsEntry("key", new Template.Computed(code("steps.ca.outputs.key", 41, 21)));
    }

    @Test
    void findsUnknownGroupsAndSteps() {
        assertThat(moduleProblems(withStep("{on: membres, uses: x, needs: [othr]}")))
                .containsExactly(
                        "module.yaml:7:12: workflow.unknown-group: the workflow has no group"
                                + " 'membres' (did you mean members?)",
                        "module.yaml:7:38: workflow.unknown-step: the workflow has no step 'othr'"
                                + " (did you mean other?)");
        assertThat(moduleProblems(withStep("{on: 'member[0]', uses: x, needs: {it: all}}")))
                .containsExactly(
                        "module.yaml:7:12: workflow.unknown-group: the workflow has no group"
                                + " 'member' (did you mean members?)",
                        "module.yaml:7:42: workflow.needs-itself: a step cannot need itself");
        assertThat(moduleProblems(withStep("{groups: {a: b}, uses: x}")))
                .singleElement()
                .asString()
                .startsWith("module.yaml:7:20: workflow.unknown-group: ");
    }

    @Test
    void wantsOnOrGroupsAndNotBoth() {
        assertThat(moduleProblems(withStep("{uses: x}")))
                .singleElement()
                .asString()
                .startsWith("module.yaml:7:3: yaml.missing-key: the step says neither");
        assertThat(moduleProblems(withStep("{uses: x, on: engine, groups: {}}")))
                .singleElement()
                .asString()
                .startsWith("module.yaml:7:37: workflow.on-and-groups: ");
    }

    @Test
    void wantsForEachOfAPeer() {
        assertThat(moduleProblems(withStep("{uses: x, on: peer}")))
                .singleElement()
                .asString()
                .startsWith("module.yaml:7:21: workflow.peer-needs-for-each: ");
    }

    @Test
    void aShareOfMachinesIsRoundedToTheSafeSide() {
        assertThat(new Step.Amount(25, true).atLeast(3)).isEqualTo(1);
        assertThat(new Step.Amount(10, true).atLeast(11)).isEqualTo(2);
        assertThat(new Step.Amount(50, true).atMost(3)).isEqualTo(1);
        assertThat(new Step.Amount(5, true).atMost(10)).isZero();
        assertThat(new Step.Amount(100, true).atMost(1_000_000)).isEqualTo(1_000_000);
    }

    @Test
    void loadsWhatIsDoneAfterAFailure() {
        assertThat(onFailure("continue")).contains(new OnFailure.Continue());
        assertThat(onFailure("undo")).contains(new OnFailure.Undo());
        assertThat(onFailure("stop")).contains(new OnFailure.Stop());
        assertThat(onFailure("{run: other}")).contains(new OnFailure.Run("other"));
        assertThat(moduleProblems(withStep("{on: engine, uses: x, on_failure: {run: othr}}")))
                .singleElement()
                .asString()
                .contains("workflow.unknown-step");
        assertThat(
                        ((Workflow)
                                        module(
                                                        withStep("{on: engine, uses: x}")
                                                                + "on_failure: {run: other}\n")
                                                .module())
                                .onFailure())
                .contains(new OnFailure.Run("other"));
    }

    private static Optional<OnFailure> onFailure(String yaml) {
        String step = withStep("{on: engine, uses: x, on_failure: " + yaml + "}");
        return Objects.requireNonNull(((Workflow) module(step).module()).steps().get("it"))
                .onFailure();
    }

    @Test
    void findsAGateThatIsNoStep() {
        assertThat(
                        moduleProblems(
                                withStep(
                                        "{on: members, uses: x, strategy: {max_parallel: 1, gate: othr}}")))
                .singleElement()
                .asString()
                .contains("workflow.unknown-step")
                .endsWith("(did you mean other?)");
    }

    @Test
    void refusesAGroupOfAReservedName() {
        String yaml = withStep("{uses: x, on: engine}").replace("[members]", "[engine]");
        assertThat(moduleProblems(yaml)).singleElement().asString().contains("yaml.bad-name");
    }

    @Test
    void takesTrueForACondition() {
        String yaml = withStep("{uses: x, on: engine, when: true}");
        assertThat(((Workflow) module(yaml).module()).steps().get("it"))
                .isNotNull()
                .satisfies(it -> assertThat(it.when()).contains(code("true", 7, 35)));
    }

    @Test
    void refusesAConditionThatIsPartlyText() {
        assertThat(moduleProblems(withStep("{uses: x, on: engine, when: '${{ a }} == b'}")))
                .singleElement()
                .asString()
                .startsWith("module.yaml:7:35: expression.mixed: ");
        assertThat(moduleProblems(withStep("{uses: x, on: engine, when: ''}")))
                .containsExactly("module.yaml:7:35: expression.empty: the expression is empty");
        assertThat(moduleProblems(withStep("{uses: x, on: engine, when: '${{ }}'}")))
                .singleElement()
                .asString()
                .contains("expression.empty");
    }

    @Test
    void reportsUnknownKeysAtEveryDepth() {
        assertThat(moduleProblems(withStep("{uses: x, on: engine, for_eech: a, retry: {time: 1}}")))
                .containsExactly(
                        "module.yaml:7:29: yaml.unknown-key: unknown key for_eech (did you mean"
                                + " for_each?)",
                        "module.yaml:7:49: yaml.missing-key: the key times is missing",
                        "module.yaml:7:50: yaml.unknown-key: unknown key time (did you mean"
                                + " times?)");
    }
}
