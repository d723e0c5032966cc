package dev.formwork.workflow.cluster;

import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What is recorded of a cluster.
///
/// @param formed groups of which a run has once succeeded: from then on members join and leave
/// @param outputs of its last successful run; may hold secrets (stored sealed)
/// @param source of the last plan that was applied, as YAML (stored sealed)
public record Cluster(String name, SortedSet<String> formed, Value.Struct outputs, String source) {
    public Cluster {
        formed = Collections.unmodifiableSortedSet(new TreeSet<>(formed));
    }
}
