package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.store.json.PlanJson;
import dev.formwork.store.json.Records;
import dev.formwork.store.json.TapeJson;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.tape.TapeEntry;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Turns changes into rows, with their secrets sealed.
///
/// @param records the documents of all but plans
/// @param plans the documents of plans
/// @param tapes what runs were told
record Encoder(Records records, PlanJson plans, TapeJson tapes) {
    Encoder(SecretSealer sealer) {
        this(new Records(sealer), new PlanJson(sealer), new TapeJson(sealer));
    }

    List<Write> encode(List<Change> changes) {
        return changes.stream().map(this::encode).toList();
    }

    private Write encode(Change change) {
        return switch (change) {
            case Change.PutMachine(Machine machine) -> MachineRows.put(machine, records);
            case Change.DropMachine(MachineId machine) -> MachineRows.drop(machine);
            case Change.PutCluster(Cluster cluster) -> MachineRows.put(cluster, records);
            case Change.DropCluster(String cluster) -> MachineRows.dropCluster(cluster);
            case Change.PutResult(StepResult result) -> ResultRows.put(result, records);
            case Change.DropResult(String cluster, NodeKey key) -> ResultRows.drop(cluster, key);
            case Change.PutPlan(String digest, Plan plan, Instant at) ->
                    PlanRows.put(digest, plan, at, plans);
            case Change.PutApproval(Approval approval) -> PlanRows.put(approval);
            case Change.PutRun(RunRecord run) -> RunRows.put(run);
            case Change.PutNode(NodeRecord node) -> RunRows.put(node);
            case Change.PutJob(JobRecord job) -> JobRows.put(job, records);
            case Change.AppendLog(JobId job, long offset, ByteBuffer bytes) ->
                    new Write.AppendLog(job, offset, bytes.slice());
            case Change.AppendEvent(Event event) -> EventRows.append(event, records);
            case Change.PutFiles(String digest, FileTree files, Instant at) ->
                    FileRows.put(digest, files, at);
            case Change.TouchFiles(Set<String> digests, Instant at) ->
                    new Write.TouchFiles(digests, Columns.time(at));
            case Change.DropFiles(String digest, Instant before) ->
                    new Write.DropFiles(digest, Columns.time(before));
            case Change.KeepReplaced(RunId run, StepResult before, Instant at) ->
                    TapeRows.keep(run, before, at, records);
            case Change.AppendTape(RunId run, List<TapeEntry> entries) ->
                    TapeRows.append(run, entries, tapes);
            case Change.PutSetting(String name, String value) -> FileRows.putSetting(name, value);
            case Change.PutPool(Pool pool) -> PoolRows.put(pool);
            case Change.DropPool(String pool) -> PoolRows.drop(pool);
            case Change.PutLease(String address, String lease) -> LeaseRows.put(address, lease);
            case Change.InitSetting(String name, String value) -> FileRows.initSetting(name, value);
            case Change.DropRun(RunId run) -> new Write.DropRun(run);
            case Change.DropEvents(long upTo) -> new Write.DropEvents(upTo);
            case Change.DropPlan(String digest) -> new Write.DropPlan(digest);
        };
    }
}
