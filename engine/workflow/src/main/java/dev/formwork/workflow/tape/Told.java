package dev.formwork.workflow.tape;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.Epoch;

import java.util.List;
import java.util.Optional;

/// What a run may be told from outside: by agents, providers, people, other runs, and by time that
/// passes. Together with its plan and what was recorded before it, this decides all that it does.
public sealed interface Told {
    /// About one of its nodes.
    sealed interface OfNode extends Told {
        NodeKey node();
    }

    // Of the world it is in

    /// The run is open, for the first time or again, or the engine was started. Whatever it knew of
    /// machines: there are none but those that are told of next.
    record Anew(Epoch epoch) implements Told {}

    /// A machine of its plan is so, by no doing of the run. Put down no earlier than the run is
    /// told something else.
    record Found(Machine machine) implements Told {}

    /// A machine of its plan is no more, by no doing of the run.
    record Lacks(MachineId machine) implements Told {}

    /// The first of all, but for the machines as the run found them.
    record Began() implements Told {}

    /// The engine was started anew, and has forgotten what is not stored.
    record Recovered() implements Told {}

    /// It has the machines for which it waited.
    record Granted() implements Told {}

    // Of its nodes

    /// The node's machine has room for it, and its agent asks.
    record HandedOut(NodeKey node) implements OfNode {}

    record Started(NodeKey node) implements OfNode {}

    /// The machine calls from the boot that its job waited for.
    record Rebooted(NodeKey node) implements OfNode {}

    /// @param outcome a word of the agents' protocol
    record Reported(
            NodeKey node,
            String outcome,
            Value.Struct outputs,
            Optional<Integer> exitCode,
            Optional<String> code,
            Optional<String> detail)
            implements OfNode {}

    /// The agent does not know the job any more.
    record Lost(NodeKey node) implements OfNode {}

    /// The job took too long, and nobody said why.
    record Overdue(NodeKey node) implements OfNode {}

    /// A delay or a deadline is over.
    record Woken(NodeKey node) implements OfNode {}

    /// The machine is gone under the node's job.
    record GoneUnder(NodeKey node) implements OfNode {}

    /// The machine is gone that the node waits for.
    record Gone(NodeKey node) implements OfNode {}

    /// The agent of its machine calls.
    record Booted(NodeKey node) implements OfNode {}

    /// Its machine was taken from the pool, or is being made for it.
    record Allocated(NodeKey node) implements OfNode {}

    /// Its machine was made, or switched on.
    record Made(NodeKey node) implements OfNode {}

    /// Its machine was removed.
    record Unmade(NodeKey node) implements OfNode {}

    /// The provider could do neither.
    record Refused(NodeKey node, String code, String detail, boolean retryable) implements OfNode {}

    /// The run took longer than it may.
    record RunOverdue() implements Told {}

    // By people

    record Cancelled(boolean now, String by) implements Told {}

    record Paused(String reason, String by) implements Told {}

    record Resumed(String by) implements Told {}

    record Skipped(NodeKey node, String reason, String by) implements OfNode {}

    /// @param nodes empty for all that failed or were cancelled
    record Retried(List<NodeKey> nodes, String by) implements Told {
        public Retried {
            nodes = List.copyOf(nodes);
        }
    }

    record Resolved(NodeKey node, boolean happened, Value.Struct outputs, String by)
            implements OfNode {}

    record Approved(NodeKey node, String by) implements OfNode {}

    /// Of a step whose result is recorded: also while the cluster's last run is over.
    record Tainted(NodeKey node, String by) implements OfNode {}
}
