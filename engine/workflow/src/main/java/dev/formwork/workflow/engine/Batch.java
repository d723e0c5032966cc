package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.tape.TapeEntry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one step changes and asks for. Where a step changes one thing several times, only what it
/// is in the end is stored and told.
final class Batch {
    private final Instant now;
    private final Map<List<Object>, Change> changes = new LinkedHashMap<>();
    private final Map<List<Object>, Event> events = new LinkedHashMap<>();
    private final Set<Effect> effects = new LinkedHashSet<>();
    private int made;

    Batch(Instant now) {
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /// How many changes were made; rises with each.
    int made() {
        return made;
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    void machine(Machine machine) {
        change(new Change.PutMachine(machine), "machine", machine.id());
    }

    void machineChanged(Machine machine) {
        event(
                "machine.changed",
                Optional.empty(),
                machine.name(),
                Map.of("state", Value.of(machine.state().name().toLowerCase(Locale.ROOT))));
    }

    void pool(Pool pool) {
        change(new Change.PutPool(pool), "pool", pool.name());
    }

    void poolDropped(String pool) {
        change(new Change.DropPool(pool), "pool", pool);
    }

    /// How a machine of a pool stands now.
    void pooled(Machine machine) {
        machine.pooled()
                .ifPresent(part -> {
                    Standing standing = Standing.of(machine, now);
                    event(
                            "machine.pooled",
                            Optional.empty(),
                            machine.name(),
                            Map.of(
                                    "pool", Value.of(part.pool()),
                                    "state", Value.of(standing.state().word()),
                                    "reason", Value.of(standing.reason())));
                });
    }

    /// A boot that says it is that machine gets no token.
    void bootRefused(Machine machine, String reason) {
        event(
                "machine.boot-refused",
                Optional.empty(),
                machine.name(),
                Map.of("reason", Value.of(reason)));
    }

    /// A boot that says it is that machine waits for a person.
    void bootHeld(Machine machine, String code) {
        event(
                "machine.boot-held",
                Optional.empty(),
                machine.name(),
                Map.of("code", Value.of(code)));
    }

    /// An installer says that the machine's disk has a system now.
    void machineInstalled(Machine machine) {
        event("machine.installed", Optional.empty(), machine.name(), Map.of());
    }

    void machineDropped(Machine machine) {
        MachineId id = machine.id();
        change(new Change.DropMachine(id), "machine", id);
        event(
                "machine.changed",
                Optional.empty(),
                machine.name(),
                Map.of("state", Value.of("removed")));
    }

    /// A place had no quota for a machine: the next is tried.
    ///
    /// @param places that its plan lets it be made in
    /// @param refused the number of that one among them
    void placedElsewhere(RunId run, Machine machine, List<CompiledPlan.Place> places, int refused) {
        event(
                "machine.placed-elsewhere",
                Optional.of(run),
                machine.name(),
                Map.of(
                        "from", Value.of(places.get(refused).label()),
                        "to", Value.of(places.get(refused + 1).label()),
                        "code", Value.of("provider.quota")));
    }

    void node(NodeRecord node) {
        change(new Change.PutNode(node), "node", node.run(), node.key());
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("state", Value.of(node.state().word()));
        data.put("reason", Value.of(node.reason()));
        data.put("attempt", Value.of(node.attempt()));
        if (node.iteration() > 0) {
            data.put("iteration", Value.of(node.iteration()));
        }
        node.code().ifPresent(code -> data.put("code", Value.of(code)));
        node.question()
                .ifPresent(question ->
                        data.put(
                                "question",
                                Value.of(
                                        question.name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', '-'))));
        event("node.changed", Optional.of(node.run()), node.key().toString(), data);
    }

    void run(RunRecord run, String type) {
        change(new Change.PutRun(run), "run", run.id());
        event(
                type,
                Optional.of(run.id()),
                run.cluster(),
                Map.of(
                        "state", Value.of(run.state().word()),
                        "reason", Value.of(run.reason())));
    }

    void job(JobRecord job) {
        change(new Change.PutJob(job), "job", job.id());
        event(
                "job.changed",
                Optional.of(job.run()),
                job.id().value(),
                Map.of(
                        "node", Value.of(job.key().toString()),
                        "state", Value.of(job.state().name().toLowerCase(Locale.ROOT)),
                        "attempt", Value.of(job.attempt()),
                        "phase", Value.of(job.phase())));
    }

    void log(Change.AppendLog log) {
        change(log, "log", log.job(), log.offset());
    }

    void result(StepResult result) {
        change(new Change.PutResult(result), "result", result.cluster(), result.key());
    }

    void resultDropped(String cluster, NodeKey key) {
        change(new Change.DropResult(cluster, key), "result", cluster, key);
    }

    /// What a run found, and is no more.
    void replaced(RunId run, StepResult before) {
        change(
                new Change.KeepReplaced(run, before, now),
                "replaced",
                run,
                before.cluster(),
                before.key());
    }

    void tape(RunId run, List<TapeEntry> entries) {
        change(new Change.AppendTape(run, entries), "tape", run);
    }

    void cluster(Cluster cluster) {
        change(new Change.PutCluster(cluster), "cluster", cluster.name());
    }

    void clusterDropped(String cluster) {
        change(new Change.DropCluster(cluster), "cluster", cluster);
    }

    void approval(Approval approval) {
        change(new Change.PutApproval(approval), "approval", approval.planDigest());
    }

    /// What a person did, for the audit.
    void audit(String type, Optional<RunId> run, String subject, String by) {
        event(type, run, subject, Map.of("by", Value.of(by)));
    }

    /// @param reason that the person gave; may be empty
    void audit(String type, Optional<RunId> run, String subject, String by, String reason) {
        event(type, run, subject, Map.of("by", Value.of(by), "reason", Value.of(reason)));
    }

    /// Names of what was set, never the values.
    void paramsSet(Machine machine, Input.SetParams wanted) {
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("by", Value.of(wanted.by()));
        data.put("set", names(wanted.set().keySet()));
        data.put("unset", names(wanted.unset()));
        wanted.profiles()
                .ifPresent(profiles ->
                        data.put("profiles", Value.of(profiles.stream().map(Value::of).toList())));
        event("machine.params", Optional.empty(), machine.name(), data);
    }

    private static Value names(Collection<String> names) {
        return Value.of(names.stream().sorted().map(Value::of).toList());
    }

    Transition transition(Reply reply) {
        List<Change> all = new ArrayList<>(changes.values());
        events.values().forEach(event -> all.add(new Change.AppendEvent(event)));
        return new Transition(all, List.copyOf(effects), reply);
    }

    private void change(Change change, Object... slot) {
        made++;
        List<Object> key = List.of(slot);
        changes.remove(key);
        changes.put(key, change);
    }

    private void event(String type, Optional<RunId> run, String subject, Map<String, Value> data) {
        List<Object> key = List.of(type, run, subject);
        events.remove(key);
        events.put(key, new Event(0, now, type, run, subject, Value.of(data)));
    }
}
