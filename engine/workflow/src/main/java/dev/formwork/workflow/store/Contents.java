package dev.formwork.workflow.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an [InMemoryStore] holds, and how each change is applied. Not thread-safe.
final class Contents {
    final Map<MachineId, Machine> machines = new LinkedHashMap<>();
    final Map<String, Cluster> clusters = new LinkedHashMap<>();
    final Map<String, Map<NodeKey, StepResult>> results = new HashMap<>();
    final Map<String, Plan> plans = new HashMap<>();
    final Map<String, Instant> planTimes = new LinkedHashMap<>();
    final Map<String, Approval> approvals = new HashMap<>();
    final Map<RunId, RunRecord> runs = new LinkedHashMap<>();
    final Map<RunId, Map<NodeKey, NodeRecord>> nodes = new HashMap<>();
    final Map<RunId, List<TapeEntry>> tapes = new HashMap<>();
    final Map<RunId, Map<NodeKey, StepResult>> replaced = new HashMap<>();
    final Map<JobId, JobRecord> jobs = new HashMap<>();
    final Map<RunId, Map<JobId, JobRecord>> jobsOfRuns = new HashMap<>();
    final Map<JobId, JobRecord> openJobs = new LinkedHashMap<>();
    final Map<String, FileTree> files = new HashMap<>();
    final Map<String, Instant> fileTimes = new LinkedHashMap<>();
    final Map<String, String> settings = new HashMap<>();
    final Map<String, String> leases = new HashMap<>();
    final Map<String, Pool> pools = new HashMap<>();

    private final Map<JobId, Log> logs = new HashMap<>();

    /// The event with id n at index n - 1 - forgotten.
    private final List<Event> events = new ArrayList<>();

    /// How many events were dropped.
    private int forgotten;

    Contents copy() {
        Contents copy = new Contents();
        copy.machines.putAll(machines);
        copy.clusters.putAll(clusters);
        results.forEach((name, all) -> copy.results.put(name, new LinkedHashMap<>(all)));
        copy.plans.putAll(plans);
        copy.planTimes.putAll(planTimes);
        copy.approvals.putAll(approvals);
        copy.runs.putAll(runs);
        nodes.forEach((run, all) -> copy.nodes.put(run, new LinkedHashMap<>(all)));
        tapes.forEach((run, all) -> copy.tapes.put(run, new ArrayList<>(all)));
        replaced.forEach((run, all) -> copy.replaced.put(run, new LinkedHashMap<>(all)));
        copy.jobs.putAll(jobs);
        jobsOfRuns.forEach((run, all) -> copy.jobsOfRuns.put(run, new LinkedHashMap<>(all)));
        copy.openJobs.putAll(openJobs);
        copy.files.putAll(files);
        copy.fileTimes.putAll(fileTimes);
        copy.settings.putAll(settings);
        copy.leases.putAll(leases);
        copy.pools.putAll(pools);
        logs.forEach((job, log) -> copy.logs.put(job, log.copy()));
        copy.events.addAll(events);
        copy.forgotten = forgotten;
        return copy;
    }

    /// @throws ProblemException `store.log-gap`
    void check(List<Change> changes) {
        Map<JobId, Long> lengths = new HashMap<>();
        for (Change change : changes) {
            if (change instanceof Change.AppendLog(JobId job, long offset, ByteBuffer bytes)) {
                long length = lengths.getOrDefault(job, logLength(job));
                if (offset != length) {
                    throw ProblemException.of(
                            "store.log-gap",
                            "the log of job "
                                    + job
                                    + " has "
                                    + length
                                    + " bytes, and more came for offset "
                                    + offset,
                            "this is a defect of the engine: please report it");
                }
                lengths.put(job, length + bytes.remaining());
            }
        }
    }

    void apply(Change change) {
        switch (change) {
            case Change.PutMachine(Machine machine) -> machines.put(machine.id(), machine);
            case Change.DropMachine(MachineId machine) -> machines.remove(machine);
            case Change.PutCluster(Cluster cluster) -> clusters.put(cluster.name(), cluster);
            case Change.DropCluster(String cluster) -> clusters.remove(cluster);
            case Change.PutResult(StepResult result) ->
                    results.computeIfAbsent(result.cluster(), _ -> new LinkedHashMap<>())
                            .put(result.key(), result);
            case Change.DropResult(String cluster, NodeKey key) ->
                    results.getOrDefault(cluster, new HashMap<>()).remove(key);
            case Change.PutPlan plan -> {
                plans.putIfAbsent(plan.digest(), plan.plan());
                planTimes.putIfAbsent(plan.digest(), plan.at());
            }
            case Change.PutApproval(Approval approval) ->
                    approvals.put(approval.planDigest(), approval);
            case Change.PutRun(RunRecord run) -> runs.put(run.id(), run);
            case Change.PutNode(NodeRecord node) ->
                    nodes.computeIfAbsent(node.run(), _ -> new LinkedHashMap<>())
                            .put(node.key(), node);
            case Change.PutJob(JobRecord job) -> putJob(job);
            case Change.AppendLog(JobId job, long _, ByteBuffer bytes) ->
                    logs.computeIfAbsent(job, _ -> new Log()).append(bytes);
            case Change.AppendEvent(Event event) ->
                    events.add(
                            new Event(
                                    forgotten + events.size() + 1L,
                                    event.at(),
                                    event.type(),
                                    event.run(),
                                    event.subject(),
                                    event.data()));
            case Change.PutFiles(String digest, FileTree tree, Instant at) -> {
                files.putIfAbsent(digest, tree);
                fileTimes.put(digest, at);
            }
            case Change.TouchFiles(Set<String> digests, Instant at) ->
                    digests.forEach(digest -> fileTimes.computeIfPresent(digest, (_, _) -> at));
            case Change.DropFiles(String digest, Instant before) -> {
                if (fileTimes.getOrDefault(digest, before).isBefore(before)) {
                    files.remove(digest);
                    fileTimes.remove(digest);
                }
            }
            case Change.KeepReplaced(RunId run, StepResult before, Instant _) ->
                    replaced.computeIfAbsent(run, _ -> new LinkedHashMap<>())
                            .putIfAbsent(before.key(), before);
            case Change.AppendTape(RunId run, List<TapeEntry> entries) ->
                    tapes.computeIfAbsent(run, _ -> new ArrayList<>()).addAll(entries);
            case Change.PutSetting(String name, String value) -> settings.put(name, value);
            case Change.PutLease(String address, String lease) -> leases.put(address, lease);
            case Change.PutPool(Pool pool) -> pools.put(pool.name(), pool);
            case Change.DropPool(String pool) -> pools.remove(pool);
            case Change.InitSetting(String name, String value) -> settings.putIfAbsent(name, value);
            case Change.DropRun(RunId run) -> dropRun(run);
            case Change.DropEvents(long upTo) -> {
                int gone = Math.clamp(upTo - forgotten, 0, Math.max(0, events.size() - 1));
                events.subList(0, gone).clear();
                forgotten += gone;
            }
            case Change.DropPlan(String digest) -> {
                plans.remove(digest);
                planTimes.remove(digest);
                approvals.remove(digest);
            }
        }
    }

    List<RunRecord> oldRuns(int keep, Instant before, int limit) {
        Map<String, Integer> places = new HashMap<>();
        List<RunRecord> old = new ArrayList<>();
        for (RunRecord run : newestFirst()) {
            String of = run.kind() == Plan.Kind.MODULE ? "" : run.cluster();
            int place = places.merge(of, 1, Integer::sum);
            boolean late = run.endedAt().filter(at -> at.isBefore(before)).isPresent();
            if (place > 1 && run.state().ended() && (place > keep || late)) {
                old.add(run);
            }
        }
        return old.reversed().stream().limit(limit).toList();
    }

    List<String> unusedFiles(Instant before, int limit) {
        Set<String> used = new HashSet<>();
        plans.values().forEach(plan -> used.addAll(plan.source().files()));
        Stream.concat(results.values().stream(), replaced.values().stream())
                .flatMap(all -> all.values().stream())
                .forEach(result -> used.add(result.module().digest()));
        return fileTimes.entrySet().stream()
                .filter(files -> files.getValue().isBefore(before))
                .filter(files -> !used.contains(files.getKey()))
                .sorted(Map.Entry.comparingByValue())
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    List<RunRecord> newestFirst() {
        return runs.values().stream()
                .sorted(
                        Comparator.comparing(RunRecord::createdAt)
                                .thenComparing(RunRecord::id)
                                .reversed())
                .toList();
    }

    List<String> unusedPlans(Instant before, int limit) {
        Set<String> used =
                runs.values().stream().map(RunRecord::planDigest).collect(Collectors.toSet());
        approvals.values().stream()
                .filter(approval -> !approval.expiresAt().isBefore(before))
                .forEach(approval -> used.add(approval.planDigest()));
        return planTimes.entrySet().stream()
                .filter(plan -> plan.getValue().isBefore(before) && !used.contains(plan.getKey()))
                .sorted(Map.Entry.comparingByValue())
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    long lastEvent() {
        return (long) forgotten + events.size();
    }

    List<Event> events(long after, int limit) {
        int from = Math.clamp(after - forgotten, 0, events.size());
        int to = (int) Math.min(events.size(), (long) from + Math.max(0, limit));
        return List.copyOf(events.subList(from, to));
    }

    List<Event> events(RunId run, long after, int limit) {
        return events.stream()
                .skip(Math.clamp(after - forgotten, 0, events.size()))
                .filter(event -> event.run().equals(Optional.of(run)))
                .limit(limit)
                .toList();
    }

    byte[] log(JobId job, long offset, int limit) {
        Log log = logs.get(job);
        return log == null ? new byte[0] : log.read(offset, limit);
    }

    long logLength(JobId job) {
        Log log = logs.get(job);
        return log == null ? 0 : log.length;
    }

    private void putJob(JobRecord job) {
        jobs.put(job.id(), job);
        jobsOfRuns.computeIfAbsent(job.run(), _ -> new LinkedHashMap<>()).put(job.id(), job);
        if (job.state() == JobRecord.State.CLOSED) {
            openJobs.remove(job.id());
        } else {
            openJobs.put(job.id(), job);
        }
    }

    private void dropRun(RunId run) {
        runs.remove(run);
        nodes.remove(run);
        tapes.remove(run);
        replaced.remove(run);
        Map<JobId, JobRecord> dropped = jobsOfRuns.remove(run);
        if (dropped != null) {
            jobs.keySet().removeAll(dropped.keySet());
            openJobs.keySet().removeAll(dropped.keySet());
            logs.keySet().removeAll(dropped.keySet());
        }
    }

    /// The bytes of one log, in an array that doubles.
    private static final class Log {
        private byte[] bytes = new byte[256];
        private int length;

        private void append(ByteBuffer more) {
            int needed = Math.addExact(length, more.remaining());
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(2L * needed, Integer.MAX_VALUE - 8));
            }
            more.duplicate().get(bytes, length, more.remaining());
            length = needed;
        }

        private Log copy() {
            Log copy = new Log();
            copy.bytes = bytes.clone();
            copy.length = length;
            return copy;
        }

        private byte[] read(long offset, int limit) {
            int from = Math.clamp(offset, 0, length);
            int to = (int) Math.min(length, (long) from + Math.max(0, limit));
            return Arrays.copyOfRange(bytes, from, to);
        }
    }
}
