package dev.formwork.workflow.graph;

import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Workflow;
import dev.formwork.workflow.expression.CompiledTemplate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One instance of a workflow inside a cluster: the cluster's own, or a step's that nests one.
/// Filled by [Composer], then only read.
final class ScopeInstance {
    /// Empty for the outermost, else `outer/inner`.
    final String path;

    final LoadedModule module;

    /// The scope and step that nest this one.
    final Optional<StepInstance> enclosing;

    /// Group names as the workflow's steps say them, to the cluster's.
    final Map<String, String> groups;

    /// How each input is computed: in the enclosing scope, or from the cluster's values.
    final Map<String, CompiledTemplate> with = new LinkedHashMap<>();

    final Map<String, StepInstance> steps = new LinkedHashMap<>();
    final Map<String, CompiledTemplate> results = new LinkedHashMap<>();

    ScopeInstance(
            String path,
            LoadedModule module,
            Optional<StepInstance> enclosing,
            Map<String, String> groups) {
        this.path = path;
        this.module = module;
        this.enclosing = enclosing;
        this.groups = Map.copyOf(groups);
    }

    Workflow workflow() {
        return (Workflow) module.module();
    }

    String pathOf(String step) {
        return path.isEmpty() ? step : path + "/" + step;
    }

    /// The cluster's name for a group that a step of this workflow names.
    String groupOf(String inner) {
        return groups.getOrDefault(inner, inner);
    }

    /// The outermost scope maps each group that the cluster declares to itself.
    static Map<String, String> identity(ClusterSpec cluster) {
        Map<String, String> same = new LinkedHashMap<>();
        cluster.groups().keySet().forEach(group -> same.put(group, group));
        return same;
    }
}
