package dev.formwork.workflow.graph;

import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OnFailure;
import dev.formwork.model.module.Workflow;
import dev.formwork.workflow.expression.CompiledTemplate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /// Of the outermost scope: what each group of the cluster gives where the cluster gives
    /// nothing.
    final Map<String, Map<String, CompiledTemplate>> groupWith = new LinkedHashMap<>();

    final Map<String, StepInstance> steps = new LinkedHashMap<>();
    final Map<String, CompiledTemplate> results = new LinkedHashMap<>();

    /// The steps that some `on_failure` names.
    final Set<String> handlers;

    ScopeInstance(
            String path,
            LoadedModule module,
            Optional<StepInstance> enclosing,
            Map<String, String> groups) {
        this.path = path;
        this.module = module;
        this.enclosing = enclosing;
        this.groups = Map.copyOf(groups);
        this.handlers =
                Stream.concat(
                                workflow().onFailure().stream(),
                                workflow().steps().values().stream()
                                        .flatMap(step -> step.onFailure().stream()))
                        .filter(OnFailure.Run.class::isInstance)
                        .map(run -> ((OnFailure.Run) run).step())
                        .collect(Collectors.toSet());
    }

    /// How long it may take: as the step says that nests it, or else as it says itself.
    Optional<Duration> timeout() {
        return enclosing.flatMap(outer -> outer.step.timeout()).or(() -> workflow().timeout());
    }

    /// Of what fails in it and says nothing itself.
    OnFailure onFailure() {
        return workflow()
                .onFailure()
                .or(() -> enclosing.map(StepInstance::onFailure))
                .orElse(new OnFailure.Stop());
    }

    /// Where that is declared, and so where a step that it names is.
    ScopeInstance onFailureScope() {
        if (workflow().onFailure().isPresent() || enclosing.isEmpty()) {
            return this;
        }
        StepInstance outer = enclosing.get();
        return outer.step.onFailure().isPresent() ? outer.scope : outer.scope.onFailureScope();
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
