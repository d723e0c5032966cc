package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunGraph;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The engine as a stepped state machine: what is known of machines, runs and jobs, and what each
/// [Input] makes of it. Not thread-safe; owned by one thread. Does no I/O but while it is loaded.
///
/// Should a step throw, the core may be half changed: it is dropped and loaded anew.
public final class EngineCore {
    private final EngineState engine;
    private final Loading loaded;
    private final AgentCalls agents;
    private final BootClaims boots;
    private final ProviderAnswers providers;
    private final RunCommands commands;
    private final Behind behind;

    private EngineCore(EngineState engine) {
        this.engine = engine;
        this.loaded = new Loading(engine, _ -> true);
        this.agents = new AgentCalls(engine);
        this.boots = new BootClaims(engine, agents);
        this.providers = new ProviderAnswers(engine, agents);
        this.commands = new RunCommands(engine, boots);
        this.behind = new Behind(engine);
    }

    /// Rebuilds the core from what is stored: machines, open runs, open jobs. Call [#recover] next.
    public static EngineCore load(Store store, EngineParts parts, Instant now) {
        return load(store, parts, Safeguards.STRICT, now);
    }

    /// A core that has no shard yet: [#adopt] gives it some.
    ///
    /// @param ownMachine the machine of this engine's own agent, on which steps `on: engine` run
    public static EngineCore without(EngineParts parts, MachineId ownMachine) {
        EngineState engine = new EngineState(parts, Safeguards.STRICT);
        engine.fleet.own(ownMachine);
        return new EngineCore(engine);
    }

    /// Takes on what is stored of some shards, all of which this engine has from now on, and does
    /// what was outstanding in them. Reads the store: call it when all transitions so far were
    /// committed. A core that is to have fewer shards is dropped, and another one is made.
    public Transition adopt(Store store, Set<Shard> shards, Instant now) {
        Loading more = new Loading(engine, shards::contains);
        more.load(store, now);
        Batch batch = new Batch(now);
        more.recover(batch);
        engine.poolLine.serve(batch);
        engine.poolKeeping.keep(batch);
        engine.tapes.write(batch);
        return batch.transition(new Reply.Done());
    }

    /// Which shards one engine must have together: those of each open run, and with them the
    /// machine of an engine's own agent that has a job for it.
    public List<SortedSet<Shard>> ties() {
        Map<RunId, SortedSet<Shard>> ties = new LinkedHashMap<>();
        engine.runs.forEach((id, run) -> ties.put(id, new TreeSet<>(run.record().shards())));
        for (Host host : engine.fleet.named(NodeKey.ENGINE)) {
            for (OpenJob job : host.jobs.values()) {
                ties.computeIfPresent(
                        job.node.run(),
                        (_, shards) -> {
                            shards.add(Shard.of(host.machine));
                            return shards;
                        });
            }
        }
        return List.copyOf(ties.values());
    }

    static EngineCore load(Store store, EngineParts parts, Safeguards safeguards, Instant now) {
        EngineCore core = new EngineCore(new EngineState(parts, safeguards));
        core.loaded.load(store, now);
        return core;
    }

    /// The effects of everything that was outstanding when the core was loaded; once, before the
    /// first step. Its changes are committed like those of a step.
    public Transition recover(Instant now) {
        Batch batch = new Batch(now);
        loaded.recover(batch);
        engine.poolLine.serve(batch);
        engine.poolKeeping.keep(batch);
        engine.tapes.write(batch);
        return batch.transition(new Reply.Done());
    }

    /// One transition. `now` never goes back.
    public Transition step(Input input, Instant now) {
        Batch batch = new Batch(now);
        Reply reply =
                switch (input) {
                    case Input.Register register -> agents.register(batch, register);
                    case Input.Introduced(String hash) -> agents.introduced(hash);
                    case Input.ClaimBoot claim -> boots.claim(batch, claim);
                    case Input.Installed done -> boots.installed(batch, done);
                    case Input.FromAgent call -> agents.call(batch, call);
                    case Input.Repoll(var machine) -> agents.repoll(batch, machine);
                    case Input.FromPerson command -> commands.command(batch, command);
                    case Input.FromProvider answer -> {
                        providers.answer(batch, answer);
                        yield new Reply.Done();
                    }
                    case Input.Tick() -> {
                        tick(batch);
                        yield new Reply.Done();
                    }
                };
        engine.poolLine.serve(batch);
        engine.poolKeeping.keep(batch);
        engine.tapes.write(batch);
        return batch.transition(reply);
    }

    private void tick(Batch batch) {
        Optional<Timers.Timer> timer = engine.timers.take(batch.now());
        while (timer.isPresent()) {
            fire(batch, timer.get());
            timer = engine.timers.take(batch.now());
        }
    }

    private void fire(Batch batch, Timers.Timer timer) {
        switch (timer) {
            case Timers.Timer.Lease(var machine, var at) -> {
                Host host = engine.fleet.host(machine);
                if (host != null && host.leaseEnd.equals(Optional.of(at))) {
                    lease(batch, host);
                }
            }
            case Timers.Timer.Clean(var machine) -> {
                engine.poolCleaning.cleanAgain(batch, engine.fleet.host(machine));
                engine.poolKeeping.again(batch, engine.fleet.host(machine));
            }
            case Timers.Timer.Reservation(var machine) ->
                    engine.reservations.over(batch, engine.fleet.host(machine));
            case Timers.Timer.Wake(NodeRef node) -> engine.herald.woken(batch, node);
            case Timers.Timer.RunDeadline(var id) -> {
                RunCore run = engine.runs.get(id);
                if (run != null) {
                    engine.herald.overdue(batch, run);
                }
            }
            case Timers.Timer.Deadline(var id) -> {
                OpenJob job = engine.jobs.job(id);
                if (job != null && !job.deadline.isAfter(batch.now())) {
                    engine.herald.overdue(batch, job);
                }
            }
        }
    }

    private void lease(Batch batch, Host host) {
        boolean wasReachable = host.reachable();
        engine.fleet.lease(batch, host);
        if (!wasReachable || host.reachable()) {
            return;
        }
        engine.lines.reconsider(batch, host);
    }

    EngineState engine() {
        return engine;
    }

    /// When [Input.Tick] is due next; empty while nothing waits for time to pass.
    public Optional<Instant> nextWake() {
        return engine.timers.next();
    }

    /// When a machine's agent called last; empty where it has not since the core was loaded. What
    /// is stored may be a lease older: a call alone is not worth a write.
    public Optional<Instant> lastCall(MachineId machine) {
        return Optional.ofNullable(engine.fleet.host(machine)).flatMap(host -> host.called);
    }

    /// Who waits for a machine of a pool, in the order of their turns.
    public List<PoolWait> poolWaits(String pool) {
        return engine.poolLine.waits(pool);
    }

    /// Why a node of an open run is where it is; empty where the run is not open or has no such
    /// node. For a run that has ended: [#explain(StoredRun, NodeKey)].
    public List<Cause> explain(RunId run, NodeKey node) {
        RunCore open = engine.runs.get(run);
        if (open == null) {
            return List.of();
        }
        OptionalInt number = open.graph().number(node);
        return number.isEmpty()
                ? List.of()
                : new Explanation(
                                open.graph(),
                                record -> behind.reason(open, record),
                                (record, depth) -> behind.of(open, record, depth))
                        .of(number.getAsInt());
    }

    /// The same of a run that has ended.
    public static List<Cause> explain(StoredRun run, NodeKey node) {
        RunGraph graph = new RunGraph(run.run().id(), run.plan().plan(), run.nodes());
        OptionalInt number = graph.number(node);
        return number.isEmpty()
                ? List.of()
                : new Explanation(graph, NodeRecord::reason, (_, _) -> List.of())
                        .of(number.getAsInt());
    }
}
