package dev.formwork.workflow.plan;

import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.SortedKeys;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.result.Fingerprint;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/// One node of a plan.
///
/// @param reason why this decision, in words: `client_port changed`, `first time on this machine`
/// @param effects what it may do, if it runs
/// @param after nodes that must have ended well (`succeeded`, `unchanged`, `skipped`) before it
/// @param afterSettled nodes that must have ended in whatever way before it
/// @param module lock of the task of a STEP or UNDO
/// @param incarnation of its machine when the plan was made; empty for a machine not made yet. A
///   machine that has another one when the node is due stops the node
/// @param expected what its fingerprint must be when it is due, if all it reads was known when the
///   plan was made; another one means that reality has moved, and stops the node
/// @param turn of a GATE with which a machine's turn begins
public record PlannedNode(
        NodeKey key,
        Action action,
        Decision decision,
        String reason,
        Set<Effect> effects,
        SortedSet<NodeKey> after,
        SortedSet<NodeKey> afterSettled,
        Optional<LoadedModule.Lock> module,
        Optional<String> incarnation,
        Optional<Fingerprint> expected,
        Optional<Turn> turn) {
    public PlannedNode {
        effects =
                effects.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(effects));
        after = SortedKeys.copyOf(after);
        afterSettled = SortedKeys.copyOf(afterSettled);
    }

    /// One that begins no turn.
    public PlannedNode(
            NodeKey key,
            Action action,
            Decision decision,
            String reason,
            Set<Effect> effects,
            SortedSet<NodeKey> after,
            SortedSet<NodeKey> afterSettled,
            Optional<LoadedModule.Lock> module,
            Optional<String> incarnation,
            Optional<Fingerprint> expected) {
        this(
                key,
                action,
                decision,
                reason,
                effects,
                after,
                afterSettled,
                module,
                incarnation,
                expected,
                Optional.empty());
    }

    /// Of an UNDO node: the step it undoes.
    public NodeKey undone() {
        return key.undone();
    }

    /// An UNDO of what this very run has done, should something fail.
    public boolean isRollback() {
        return action == Action.UNDO && key.path().startsWith("rollback:");
    }
}
