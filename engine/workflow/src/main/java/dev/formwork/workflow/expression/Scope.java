package dev.formwork.workflow.expression;

import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names that an expression may use, and their types: what the place where it stands declares.
/// `cluster.name` may be read everywhere.
///
/// @param inputs `inputs.NAME` and, where there is a machine, `params.NAME`
/// @param steps `steps.STEP.outputs.OUTPUT`: step name to its outputs by name
/// @param groups `groups.GROUP`
/// @param machine whether there is a `machine`
/// @param item what `item` is, where there is one
/// @param outputs `outputs.OUTPUT`: what the step itself has put out
/// @param failure whether there is a `failure`: in a step that runs when another has failed
/// @param boot `boot.NAME`: what a boot environment is told of the boot server
/// @param clusters whether `clusters.CLUSTER.outputs.OUTPUT` may be read; their names and types are
///   not known here
public record Scope(
        Map<String, InputSpec> inputs,
        Map<String, Map<String, OutputSpec>> steps,
        Set<String> groups,
        boolean machine,
        Optional<ItemKind> item,
        Map<String, OutputSpec> outputs,
        boolean failure,
        Set<String> boot,
        boolean clusters) {
    /// Where nothing but `cluster.name` can be read.
    public static final Scope EMPTY = ofWorkflow(Map.of(), Map.of(), Set.of());

    public Scope {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        Map<String, Map<String, OutputSpec>> copy = new LinkedHashMap<>();
        steps.forEach((step, given) ->
                copy.put(step, Collections.unmodifiableMap(new LinkedHashMap<>(given))));
        steps = Collections.unmodifiableMap(copy);
        groups = Set.copyOf(groups);
        boot = Set.copyOf(boot);
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /// Of a workflow, before it is known where in it.
    public static Scope ofWorkflow(
            Map<String, InputSpec> inputs,
            Map<String, Map<String, OutputSpec>> steps,
            Set<String> groups) {
        return new Scope(
                inputs, steps, groups, false, Optional.empty(), Map.of(), false, Set.of(), false);
    }

    public Scope withMachine() {
        return new Scope(inputs, steps, groups, true, item, outputs, failure, boot, clusters);
    }

    public Scope withItem(ItemKind kind) {
        return new Scope(
                inputs,
                steps,
                groups,
                machine,
                Optional.of(kind),
                outputs,
                failure,
                boot,
                clusters);
    }

    /// Of what a step has put out itself, with nothing else in sight.
    public static Scope ofOutputs(Map<String, OutputSpec> outputs) {
        return new Scope(
                Map.of(),
                Map.of(),
                Set.of(),
                false,
                Optional.empty(),
                outputs,
                false,
                Set.of(),
                false);
    }

    /// Of a boot environment.
    ///
    /// @param boot what it may read of the boot server
    public static Scope ofBoot(Map<String, InputSpec> inputs, Set<String> boot) {
        return new Scope(
                inputs, Map.of(), Set.of(), true, Optional.empty(), Map.of(), false, boot, false);
    }

    public Scope withFailure() {
        return new Scope(inputs, steps, groups, machine, item, outputs, true, boot, clusters);
    }

    public Scope withClusters() {
        return new Scope(inputs, steps, groups, machine, item, outputs, failure, boot, true);
    }
}
