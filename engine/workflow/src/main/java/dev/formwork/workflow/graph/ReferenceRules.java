package dev.formwork.workflow.graph;

import dev.formwork.model.Location;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Step;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Reference;

import java.util.Optional;

/// Refuses references that can't mean one thing: this machine's result of a step that does not run
/// on this machine, or the one result of a step that has many.
final class ReferenceRules {
    private final Problems problems;

    ReferenceRules(Problems problems) {
        this.problems = problems;
    }

    void check(ScopeInstance scope) {
        for (StepInstance reader : scope.steps.values()) {
            for (Reference reference : reader.references()) {
                if (reference instanceof Reference.StepOutput output) {
                    check(output, scope, Optional.of(reader), reader.step.location());
                }
            }
            reader.step.needs().forEach((name, need) -> check(name, need, reader));
            reader.step
                    .strategy()
                    .flatMap(Step.Strategy::gate)
                    .ifPresent(name -> checkGate(name, reader));
        }
        scope.workflow()
                .results()
                .forEach((name, template) -> {
                    CompiledTemplate compiled = scope.results.get(name);
                    if (compiled == null) {
                        return;
                    }
                    for (Reference reference : compiled.references()) {
                        if (reference instanceof Reference.StepOutput output) {
                            check(output, scope, Optional.empty(), template.location());
                        }
                    }
                });
    }

    private void check(
            Reference.StepOutput output,
            ScopeInstance scope,
            Optional<StepInstance> reader,
            Location where) {
        StepInstance step = scope.steps.get(output.step());
        if (step == null) {
            return;
        }
        String all = "steps." + output.step() + ".all.outputs." + output.output();
        switch (output.which()) {
            case ALL -> {}
            case EACH -> {
                if (!step.iteratesMachines()) {
                    add(where, output, "does not iterate over machines", all);
                }
            }
            case SAME -> {
                if (step.iterates()) {
                    add(where, output, "has a result for each item", all);
                } else if (Evaluation.onWholeGroup(step) && !sameGroup(step, reader)) {
                    add(where, output, "runs on every machine of another group", all);
                }
            }
        }
    }

    private void add(Location where, Reference.StepOutput output, String why, String instead) {
        problems.add(
                where,
                "expression.which",
                output + " is not one value: step " + output.step() + " " + why,
                "say " + instead);
    }

    private void check(String name, Step.NeedScope need, StepInstance reader) {
        StepInstance step = reader.scope.steps.get(name);
        if (step != null
                && need == Step.NeedScope.SAME
                && !step.iterates()
                && Evaluation.onWholeGroup(step)
                && !sameGroup(step, Optional.of(reader))) {
            problems.add(
                    reader.step.location(),
                    "step.bad-need",
                    "step "
                            + reader.step.name()
                            + " needs the same machine's "
                            + name
                            + ", which runs on another group",
                    "say `needs: {" + name + ": all}`");
        }
    }

    private void checkGate(String name, StepInstance step) {
        StepInstance gate = step.scope.steps.get(name);
        boolean aboutMachines = Evaluation.onWholeGroup(step) || step.iteratesMachines();
        if (gate != null && !(aboutMachines && isAboutItsMachines(gate, step))) {
            problems.add(
                    step.step.location(),
                    "step.bad-gate",
                    "step "
                            + step.step.name()
                            + " can't end its turns with "
                            + name
                            + ", which has no part for each of its machines",
                    "run " + name + " on the same group, or `for_each` over it");
        }
    }

    private static boolean isAboutItsMachines(StepInstance gate, StepInstance step) {
        if (gate.nested != null) {
            return step.group().filter(gate.nested.groups::containsValue).isPresent();
        }
        return gate.iteratesMachines()
                || (Evaluation.onWholeGroup(gate) && gate.group().equals(step.group()));
    }

    private static boolean sameGroup(StepInstance step, Optional<StepInstance> reader) {
        return reader.filter(r -> !(r.step.target() instanceof Step.Target.OnEngine))
                .flatMap(StepInstance::group)
                .equals(step.group());
    }
}
