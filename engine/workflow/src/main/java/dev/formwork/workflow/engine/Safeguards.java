package dev.formwork.workflow.engine;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;

/// The decisions that everything hangs on, in one place: so that the simulator can break each on
/// purpose, and show that it would notice.
interface Safeguards {
    Safeguards STRICT = new Safeguards() {};

    /// Whether a message about a job may still say something.
    ///
    /// @param token of the message
    /// @param fencing of the node's latest job
    default boolean current(long token, long fencing) {
        return token == fencing;
    }

    /// The rule by which a step goes on whose attempt was lost.
    default Repeat afterLoss(Repeat declared) {
        return declared;
    }

    /// Whether a node is told that nothing blocks it any more.
    default boolean frees(NodeKey node) {
        return true;
    }

    /// Whether one node more may have a mutex.
    ///
    /// @param holders that have it
    /// @param max that may have it at a time
    default boolean admits(int holders, int max) {
        return holders < max;
    }

    /// Whether a machine of a pool may be given to somebody.
    ///
    /// @param free nobody has it, and nothing is done on it
    default boolean mayGive(boolean free) {
        return free;
    }

    /// Whether those who wait for a machine are looked after when one comes back.
    default boolean looksAfterWaiting() {
        return true;
    }

    /// Whether a run has its machines for itself.
    default boolean holdsMachines() {
        return true;
    }

    /// Whether what a place may have left of a machine is removed before the next place is asked.
    default boolean clearsPlaces() {
        return true;
    }
}
