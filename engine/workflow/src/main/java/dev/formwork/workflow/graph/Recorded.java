package dev.formwork.workflow.graph;

import dev.formwork.model.module.LoadedModule;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a cluster's runs have left behind, for its next graph.
///
/// @param modules finds the module of a result
/// @param unwanted steps that are in the graph, and whose `when` turned false since they ran
public record Recorded(
        Collection<StepResult> results,
        Function<LoadedModule.Lock, Optional<LoadedModule>> modules,
        Set<NodeKey> unwanted) {
    public Recorded {
        results = List.copyOf(results);
        unwanted = Set.copyOf(unwanted);
    }
}
