package dev.formwork.workflow.graph;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OnFailure;
import dev.formwork.model.module.Step;
import dev.formwork.workflow.expression.CompiledCondition;
import dev.formwork.workflow.expression.CompiledList;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.ItemKind;
import dev.formwork.workflow.expression.Reference;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One step in one [ScopeInstance], with what it uses resolved and its expressions compiled. Filled
/// by [Composer], then only read.
final class StepInstance {
    final ScopeInstance scope;
    final Step step;
    final LoadedModule module;
    final Map<String, CompiledTemplate> with = new LinkedHashMap<>();
    @Nullable CompiledCondition when;
    @Nullable CompiledCondition until;
    @Nullable CompiledList items;

    /// The name of its mutex.
    @Nullable CompiledTemplate mutex;

    /// The nested workflow, where the step uses one.
    @Nullable ScopeInstance nested;

    /// Where `on_failure` names this step: the tasks of which it handles the failures.
    List<StepInstance> handled = List.of();

    StepInstance(ScopeInstance scope, Step step, LoadedModule module) {
        this.scope = scope;
        this.step = step;
        this.module = module;
    }

    String path() {
        return scope.pathOf(step.name());
    }

    /// Whether it runs only after a failure.
    boolean isHandler() {
        return scope.handlers.contains(step.name());
    }

    /// The handler that it is, or that it is a part of.
    Optional<StepInstance> handler() {
        return isHandler() ? Optional.of(this) : scope.enclosing.flatMap(StepInstance::handler);
    }

    /// What the innermost `on_failure` around it says. What a handler does is no affair of those
    /// around it.
    OnFailure onFailure() {
        if (step.onFailure().isPresent()) {
            return step.onFailure().get();
        }
        return isHandler() ? new OnFailure.Stop() : scope.onFailure();
    }

    /// The path of the workflow that is undone when this fails.
    Optional<String> undoes() {
        return onFailure() instanceof OnFailure.Undo
                ? Optional.of(declaring().path)
                : Optional.empty();
    }

    /// Where its [#onFailure] is declared.
    private ScopeInstance declaring() {
        return step.onFailure().isPresent() ? scope : scope.onFailureScope();
    }

    /// Whether `handler` is the step that its failure runs.
    boolean isHandledBy(StepInstance handler) {
        return onFailure() instanceof OnFailure.Run(String name)
                && handler.step.name().equals(name)
                && declaring() == handler.scope;
    }

    /// The cluster's name of the group that it runs on or, `on: peer`, that its peers come from.
    Optional<String> group() {
        return switch (step.target()) {
            case Step.Target.OnGroup(String group) -> Optional.of(scope.groupOf(group));
            case Step.Target.OnMember(String group, int _) -> Optional.of(scope.groupOf(group));
            case Step.Target.OnPeer() ->
                    iterated().map(Reference.Members::group).map(scope::groupOf);
            case Step.Target.OnEngine() -> Optional.empty();
            case Step.Target.Nested _ -> Optional.empty();
        };
    }

    boolean iterates() {
        return step.forEach().isPresent();
    }

    boolean iteratesMachines() {
        return items != null && items.itemKind() == ItemKind.MACHINE;
    }

    /// The members that `for_each` ranges over, as its expression first names them.
    Optional<Reference.Members> iterated() {
        if (items == null) {
            return Optional.empty();
        }
        return items.references().stream()
                .filter(Reference.Members.class::isInstance)
                .map(Reference.Members.class::cast)
                .findFirst();
    }

    boolean iterates(Reference.Subset subset) {
        return iteratesMachines() && iterated().filter(m -> m.subset() == subset).isPresent();
    }

    /// Happens once, because of who joins or leaves.
    boolean event() {
        return iterates(Reference.Subset.JOINING) || iterates(Reference.Subset.LEAVING);
    }

    /// Everything that its expressions read.
    Set<Reference> references() {
        Set<Reference> all = new LinkedHashSet<>();
        with.values().forEach(template -> all.addAll(template.references()));
        if (when != null) {
            all.addAll(when.references());
        }
        if (items != null) {
            all.addAll(items.references());
        }
        if (mutex != null) {
            all.addAll(mutex.references());
        }
        return all;
    }
}
