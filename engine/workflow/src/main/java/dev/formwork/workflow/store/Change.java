package dev.formwork.workflow.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.tape.TapeEntry;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// One write. A transition is a list of them, stored together or not at all. `Put` inserts or
/// replaces; `Drop` of what is not there succeeds.
public sealed interface Change {
    record PutMachine(Machine machine) implements Change {}

    record DropMachine(MachineId machine) implements Change {}

    record PutCluster(Cluster cluster) implements Change {}

    record DropCluster(String cluster) implements Change {}

    record PutResult(StepResult result) implements Change {}

    record DropResult(String cluster, NodeKey key) implements Change {}

    /// Plans are named by their digest and never change.
    record PutPlan(String digest, Plan plan, Instant at) implements Change {}

    record PutApproval(Approval approval) implements Change {}

    record PutRun(RunRecord run) implements Change {}

    record PutNode(NodeRecord node) implements Change {}

    record PutJob(JobRecord job) implements Change {}

    /// Appends at `offset`, which is the log's length: the engine has dropped what was sent before.
    ///
    /// @param bytes read from its position to its limit; not changed afterwards
    record AppendLog(JobId job, long offset, ByteBuffer bytes) implements Change {}

    /// The outbox: `event.id()` is given by the store, rising in the order of commits.
    record AppendEvent(Event event) implements Change {}

    /// Files are named by their digest and never change.
    ///
    /// @param at kept as the time when they were wanted last
    record PutFiles(String digest, FileTree files, Instant at) implements Change {}

    /// Files are wanted: those of them that are there are not forgotten soon.
    record TouchFiles(Set<String> digests, Instant at) implements Change {
        public TouchFiles {
            digests = Set.copyOf(digests);
        }
    }

    /// Forgets files, unless they were wanted since.
    record DropFiles(String digest, Instant before) implements Change {}

    /// A result of another run as a run found it, before that replaced or dropped it. Of several
    /// about one step the first counts.
    record KeepReplaced(RunId run, StepResult before, Instant at) implements Change {}

    /// Adds to what a run was told.
    record AppendTape(RunId run, List<TapeEntry> entries) implements Change {
        public AppendTape {
            entries = List.copyOf(entries);
        }
    }

    record PutSetting(String name, String value) implements Change {}

    /// What the DHCP server knows of an address, in place of what it knew.
    ///
    /// @param lease as [Store#leases] is to give it back
    record PutLease(String address, String lease) implements Change {}

    record PutPool(Pool pool) implements Change {}

    record DropPool(String pool) implements Change {}

    /// Gives a setting its first value. One that it has stays, whoever gave it: of several engines
    /// that do this at once, one wins, and all read the same afterwards.
    record InitSetting(String name, String value) implements Change {}

    /// Closes and forgets a run with all that is below it, its tape too.
    record DropRun(RunId run) implements Change {}

    /// Forgets events up to an id; the newest stays, whatever is asked for. A caller keeps a
    /// transaction short by asking for a few at a time.
    record DropEvents(long upTo) implements Change {}

    /// Forgets a plan that no run is of, and people's consent to it.
    record DropPlan(String digest) implements Change {}
}
