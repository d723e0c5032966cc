package dev.formwork.workflow.graph;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Finds the recorded results that nobody wants any more, and has them undone in the reverse of the
/// order in which they came, with the module and inputs of then, after what stays has stopped
/// referring to them. On a machine that is gone, and for modules without `undo`, there is nothing
/// to do but to forget; a step that is only skipped now, and has no `undo`, stays done.
final class Undoing {
    private final Draft draft;
    private final Membership membership;
    private final Map<String, Machine> machines;
    private final Recorded recorded;
    private final SortedMap<NodeKey, StepResult> undone = new TreeMap<>();
    private final SortedSet<NodeKey> forget = new TreeSet<>();

    Undoing(Draft draft, Membership membership, Map<String, Machine> machines, Recorded recorded) {
        this.draft = draft;
        this.membership = membership;
        this.machines = machines;
        this.recorded = recorded;
    }

    void considerAll() {
        recorded.results().forEach(this::consider);
        Map<NodeKey, StepResult> byKey = new TreeMap<>();
        recorded.results().forEach(result -> byKey.put(result.key(), result));
        Map<NodeKey, List<NodeKey>> followers =
                recorded.unwanted().isEmpty() ? Map.of() : draft.followers();
        undone.forEach((undo, result) -> {
            if (recorded.unwanted().contains(result.key())) {
                draft.readers(result.key(), followers).forEach(reader -> draft.order(reader, undo));
            }
            for (NodeKey earlier : earlierUndone(result, byKey)) {
                draft.order(undo, earlier);
            }
            undo.machine().map(draft::departure).ifPresent(remove -> draft.order(undo, remove));
        });
    }

    /// Keys of UNDO nodes and what each undoes.
    SortedMap<NodeKey, StepResult> undone() {
        return undone;
    }

    SortedSet<NodeKey> forget() {
        return forget;
    }

    private void consider(StepResult result) {
        Optional<Member> holder = holder(result);
        boolean leaves = holder.filter(member -> !member.wanted()).isPresent();
        boolean wanted =
                draft.has(result.key()) && !leaves && !recorded.unwanted().contains(result.key());
        if (wanted) {
            return;
        }
        boolean reachable =
                result.key().machine().filter(NodeKey.ENGINE::equals).isPresent()
                        || holder.filter(member -> !member.gone()).isPresent();
        if (reachable && !result.event() && hasUndo(result)) {
            NodeKey undo = undoOf(result.key());
            draft.add(undo, Action.UNDO, null, holder.orElse(null));
            undone.put(undo, result);
        } else if (!draft.has(result.key())) {
            forget.add(result.key());
        }
    }

    /// The member whose machine, in its present incarnation, has the result.
    private Optional<Member> holder(StepResult result) {
        return result.key().machine().stream()
                .flatMap(machine -> membership.named(machine).stream())
                .filter(member ->
                        incarnation(member).filter(result.incarnation()::equals).isPresent())
                .findFirst();
    }

    private Optional<String> incarnation(Member member) {
        return member.machine().map(id -> machines.get(id.value())).map(Machine::incarnationKey);
    }

    private boolean hasUndo(StepResult result) {
        return recorded.modules()
                .apply(result.module())
                .map(LoadedModule::module)
                .filter(module -> module instanceof Task task && task.undo().isPresent())
                .isPresent();
    }

    /// What is undone too and came before the result, if need be by way of results that are not.
    private Set<NodeKey> earlierUndone(StepResult result, Map<NodeKey, StepResult> byKey) {
        Set<NodeKey> found = new TreeSet<>();
        Set<NodeKey> seen = new HashSet<>();
        Deque<NodeKey> open = new ArrayDeque<>(result.after());
        while (!open.isEmpty()) {
            NodeKey key = open.pop();
            if (!seen.add(key)) {
                continue;
            }
            if (undone.containsKey(undoOf(key))) {
                found.add(undoOf(key));
            } else if (key.path().startsWith(Draft.ALL)) {
                open.addAll(joined(key.path().substring(Draft.ALL.length()), byKey.keySet()));
            } else if (byKey.containsKey(key)) {
                open.addAll(byKey.get(key).after());
            }
        }
        return found;
    }

    /// What a gate joined: a very wide step is recorded by the gate's name alone.
    private static List<NodeKey> joined(String step, Set<NodeKey> keys) {
        return keys.stream()
                .filter(key -> key.path().equals(step) || key.path().startsWith(step + "/"))
                .toList();
    }

    static NodeKey undoOf(NodeKey key) {
        return new NodeKey("undo:" + key.path(), key.item(), key.machine());
    }
}
