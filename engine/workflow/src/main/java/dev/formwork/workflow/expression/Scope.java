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
/// @param inputs `inputs.NAME`
/// @param steps `steps.STEP.outputs.OUTPUT`: step name to its outputs by name
/// @param groups `groups.GROUP`
/// @param machine whether there is a `machine`
/// @param item what `item` is, where there is one
/// @param clusters whether `clusters.CLUSTER.outputs.OUTPUT` may be read; their names and types are
///   not known here
public record Scope(
        Map<String, InputSpec> inputs,
        Map<String, Map<String, OutputSpec>> steps,
        Set<String> groups,
        boolean machine,
        Optional<ItemKind> item,
        boolean clusters) {
    /// Where nothing but `cluster.name` can be read.
    public static final Scope EMPTY =
            new Scope(Map.of(), Map.of(), Set.of(), false, Optional.empty(), false);

    public Scope {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        Map<String, Map<String, OutputSpec>> copy = new LinkedHashMap<>();
        steps.forEach((step, outputs) ->
                copy.put(step, Collections.unmodifiableMap(new LinkedHashMap<>(outputs))));
        steps = Collections.unmodifiableMap(copy);
        groups = Set.copyOf(groups);
    }

    public Scope withMachine() {
        return new Scope(inputs, steps, groups, true, item, clusters);
    }

    public Scope withItem(ItemKind kind) {
        return new Scope(inputs, steps, groups, machine, Optional.of(kind), clusters);
    }

    public Scope withClusters() {
        return new Scope(inputs, steps, groups, machine, item, true);
    }
}
