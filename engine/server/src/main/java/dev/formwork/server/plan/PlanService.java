package dev.formwork.server.plan;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.module.Library;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.shard.ShardKeeper;
import dev.formwork.workflow.engine.CompiledPlan;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.RunShards;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/// Makes plans, keeps people's consent to them, and starts runs. Thread-safe.
public final class PlanService {
    private static final Logger LOG = LoggerFactory.getLogger(PlanService.class);

    /// How long a pool's consent to what cleans its machine counts.
    private static final Duration CONSENT = Duration.ofMinutes(10);

    private final Store store;
    private final PlanRequests requests;
    private final CompiledPlans plans;
    private final PlanningTools tools;
    private final Clock clock;
    private final ShardKeeper shards;

    public PlanService(
            Store store,
            ShardKeeper shards,
            PackStore packs,
            CompiledPlans plans,
            PlanningTools tools,
            Clock clock) {
        this.store = store;
        this.shards = shards;
        this.requests = new PlanRequests(store, packs, tools.offers());
        this.plans = plans;
        this.tools = tools;
        this.clock = clock;
    }

    /// Where a wish is planned: with its cluster; empty where it has none, or that can't be read.
    static Optional<Shard> shard(Wish wish) {
        return switch (wish.goal()) {
            case Wish.Goal.Apply(String file, String yaml) -> {
                try {
                    yield Optional.of(Shard.ofCluster(ClusterLoader.load(file, yaml).name()));
                } catch (ProblemException _) {
                    yield Optional.empty(); // Planning says what is wrong.
                }
            }
            case Wish.Goal.Destroy(String cluster) -> Optional.of(Shard.ofCluster(cluster));
            case Wish.Goal.RunModule _ -> Optional.empty();
        };
    }

    /// Where a plan is approved and applied.
    ///
    /// @throws ProblemException `plan.unknown`
    public Shard shard(String digest) {
        return Shard.ofCluster(plans.plan(whole(digest)).cluster());
    }

    /// Compares what is wished for with what is recorded, and stores the plan.
    ///
    /// @throws ProblemException everything that is wrong with the cluster and its modules;
    ///   `cluster.unknown`, `pack.unknown`, `provider.*`
    public MadePlan make(Wish wish) {
        PlanRequests.Prepared prepared = requests.prepare(wish);
        List<String> drift = List.of();
        if (wish.refresh()) {
            tools.planner().validate(requests.request(prepared));
            drift = tools.drift().observe(prepared.name());
        }
        PlanRequest request = requests.request(prepared);
        Checks checks = wish.refresh() ? tools.checks() : Checks.BELIEVED;
        Map<NodeKey, PlanRequest.CheckAnswer> answers =
                checks.answers(request.name(), tools.planner().checksWanted(request));
        Optional<RunRecord> last = last(request.name());
        Plan plan = tools.planner().plan(request.withChecks(answers));
        String digest = tools.digest().of(plan, last);
        List<Change> changes = new ArrayList<>();
        prepared.own()
                .map(LoadedModule::files)
                .ifPresent(files ->
                        changes.add(new Change.PutFiles(files.digest(), files, clock.instant())));
        changes.add(new Change.PutPlan(digest, plan, clock.instant()));
        EngineLoop.join(store.commit(changes));
        return new MadePlan(digest, plan, drift, store.approval(digest));
    }

    /// Everything wrong with a cluster, without planning it.
    ///
    /// @throws ProblemException all of it together
    public void validate(ClusterSpec spec, Library library) {
        tools.planner().validate(requests.request(requests.prepare(spec, library)));
    }

    /// Looks whether what a pool names is there: who makes its machines, and the module that cleans
    /// them, which is given nothing.
    ///
    /// @throws ProblemException `provider.unknown`, `module.unknown`, and why the module can't run
    public void check(PoolSpec pool) {
        requests.check(pool);
    }

    /// @throws ProblemException `plan.unknown`
    public MadePlan show(String digest) {
        String whole = whole(digest);
        return new MadePlan(whole, plans.plan(whole), List.of(), store.approval(whole));
    }

    /// Consents to a plan. Not while a run is being started: a consent that is used stays used.
    ///
    /// @throws ProblemException `plan.unknown`, `plan.used`
    public synchronized Approval approve(String digest, Duration validFor, String by) {
        String whole = whole(digest);
        Plan plan = plans.plan(whole);
        store.approval(whole)
                .flatMap(Approval::usedBy)
                .ifPresent(run -> {
                    throw ProblemException.of(
                            "plan.used",
                            "the plan was applied by run " + run,
                            "make a new plan: a plan applies once");
                });
        Instant now = clock.instant();
        Approval approval = new Approval(whole, by, now, now.plus(validFor), Optional.empty());
        Event event =
                new Event(
                        0,
                        now,
                        "plan.approved",
                        Optional.empty(),
                        whole,
                        Value.of(
                                Map.of(
                                        "cluster", Value.of(plan.cluster()),
                                        "by", Value.of(by),
                                        "expires_at", Value.of(approval.expiresAt().toString()))));
        EngineLoop.join(
                store.commit(
                        List.of(new Change.PutApproval(approval), new Change.AppendEvent(event))));
        LOG.info("plan {} of {} approved by {}", whole, plan.cluster(), by);
        return approval;
    }

    /// Starts the run of an approved plan; where it was started before, that is the run, on the
    /// terms of then.
    ///
    /// @throws ProblemException `plan.unknown`, `plan.not-approved`, `plan.approval-expired`,
    ///   `plan.stale`, `run.cluster-busy`
    public synchronized RunId start(String digest, RunRecord.Terms terms, String by) {
        return start(digest, terms, by, start -> start);
    }

    /// Consents to a plan that cleans a machine for its pool, and starts its run.
    ///
    /// @throws ProblemException as [#start]; `pool.not-dirty` where another run cleans it
    public synchronized RunId startCleaning(String digest, MachineId machine, String by) {
        approve(digest, CONSENT, by);
        return start(
                digest,
                RunRecord.Terms.STANDARD,
                by,
                start -> new Input.StartCleaning(machine, start));
    }

    private RunId start(
            String digest,
            RunRecord.Terms terms,
            String by,
            Function<Input.StartRun, Input> asked) {
        String whole = whole(digest);
        CompiledPlan compiled = plans.compiled(whole);
        String cluster = compiled.plan().cluster();
        Optional<RunId> before = approval(whole).usedBy();
        if (before.isPresent()) {
            return before.get();
        }
        Reply reply =
                shards.submit(
                        () -> shards(compiled),
                        () -> {
                            requireFresh(whole, compiled.plan());
                            return asked.apply(
                                    new Input.StartRun(
                                            whole,
                                            compiled,
                                            approval(whole),
                                            store.results(cluster),
                                            terms,
                                            by));
                        });
        RunId run = EngineLoop.expect(reply, Reply.RunStarted.class).run();
        try (MDC.MDCCloseable _ = MDC.putCloseable("run", run.value())) {
            LOG.info("run of {} started by {}", cluster, by);
        }
        return run;
    }

    /// Forgets plans that were made before `before` and that nobody applied. Not while one is being
    /// approved or started.
    ///
    /// @return how many; at most `limit`
    public synchronized int forgetUnused(Instant before, int limit) {
        List<String> unused = store.unusedPlans(before, limit);
        if (!unused.isEmpty()) {
            EngineLoop.join(
                    store.commit(unused.stream().<Change>map(Change.DropPlan::new).toList()));
            plans.forget(unused);
        }
        return unused.size();
    }

    private void requireFresh(String digest, Plan plan) {
        Optional<RunRecord> last = last(plan.cluster());
        boolean busy = last.filter(run -> !run.state().ended()).isPresent();
        if (!busy && !tools.digest().of(plan, last).equals(digest)) {
            throw ProblemException.of(
                    "plan.stale",
                    "cluster %s was changed by run %s after the plan was made"
                            .formatted(
                                    plan.cluster(), last.map(run -> run.id().value()).orElse("?")),
                    "make a new plan");
        }
    }

    private Approval approval(String digest) {
        return store.approval(digest)
                .orElseThrow(() ->
                        ProblemException.of(
                                "plan.not-approved",
                                "nobody has approved plan " + digest,
                                "approve it first: formwork approve"));
    }

    private SortedSet<Shard> shards(CompiledPlan plan) {
        Map<String, Machine> machines = new HashMap<>();
        store.machines().forEach(machine -> machines.put(machine.name(), machine));
        return RunShards.of(plan, name -> Optional.ofNullable(machines.get(name)));
    }

    private Optional<RunRecord> last(String cluster) {
        return store.runs(Optional.of(cluster), 1).stream().findFirst();
    }

    private static String whole(String digest) {
        return digest.startsWith("sha256:") ? digest : "sha256:" + digest;
    }
}
