package dev.formwork.workflow.graph;

import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Values from outside the cluster and its modules, as they were when a plan was made: what is set
/// afterwards counts from the next plan on.
///
/// @param clusterOutputs outputs of other clusters: `cluster.output`
/// @param defaults of packs, by the input of the cluster's workflow
/// @param machines by machine: inputs of the cluster's workflow that the machine or one of its
///   profiles gives
public record Pinned(
        SortedMap<String, Value> clusterOutputs,
        SortedMap<String, Value> defaults,
        SortedMap<String, Value.Struct> machines) {
    public static final Pinned NOTHING =
            new Pinned(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public Pinned {
        clusterOutputs = Collections.unmodifiableSortedMap(new TreeMap<>(clusterOutputs));
        defaults = Collections.unmodifiableSortedMap(new TreeMap<>(defaults));
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
    }

    /// Nothing but outputs of other clusters.
    public static Pinned of(SortedMap<String, Value> clusterOutputs) {
        return new Pinned(clusterOutputs, new TreeMap<>(), new TreeMap<>());
    }

    /// Nothing where the machine says nothing of its own.
    Value.Struct machine(String name) {
        return machines.getOrDefault(name, Value.Struct.EMPTY);
    }
}
