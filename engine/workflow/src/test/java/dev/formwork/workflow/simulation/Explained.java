package dev.formwork.workflow.simulation;

import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What nobody could find out by asking: each node that has not ended says why it is where it is,
/// in words, and down to a first cause.
final class Explained {
    /// A longer chain is cut off.
    private static final int MOST = 50;

    private Explained() {}

    /// @param store what `core` has done so far is in it
    static List<String> gaps(EngineCore core, Store store) {
        List<String> gaps = new ArrayList<>();
        for (RunRecord run : store.openRuns()) {
            for (NodeRecord node : store.nodes(run.id())) {
                if (!node.state().ended()) {
                    List<Cause> chain = core.explain(run.id(), node.key());
                    gap(node, chain)
                            .ifPresent(gap ->
                                    gaps.add(node.key() + " of " + run.id() + gap + ": " + chain));
                }
            }
        }
        return gaps;
    }

    private static Optional<String> gap(NodeRecord node, List<Cause> chain) {
        if (chain.isEmpty() || !chain.getFirst().subject().equals(node.key().toString())) {
            return Optional.of(" is not explained");
        }
        if (chain.stream().anyMatch(Explained::saysNothing)) {
            return Optional.of(" is explained without words");
        }
        return chain.size() < MOST && chain.stream().noneMatch(Explained::isFirstCause)
                ? Optional.of(" is explained without a first cause")
                : Optional.empty();
    }

    /// Of what runs that is all there is to say.
    private static boolean saysNothing(Cause cause) {
        return cause.reason().isBlank() && !isIn(NodeState.RUNNING, cause);
    }

    /// It waits for none of the nodes before it, or for something beside them.
    private static boolean isFirstCause(Cause cause) {
        return !isIn(NodeState.BLOCKED, cause)
                || !(cause.reason().startsWith("waits for ")
                        || cause.reason().equals("its run does not go on"));
    }

    private static boolean isIn(NodeState state, Cause cause) {
        return cause.state().equals(Optional.of(state.word()));
    }
}
