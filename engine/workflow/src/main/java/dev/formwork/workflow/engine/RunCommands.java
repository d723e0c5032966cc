package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What people ask for.
final class RunCommands {
    private final EngineState engine;
    private final BootClaims boots;
    private final RunInterventions interventions;
    private final PoolCommands pools;

    RunCommands(EngineState engine, BootClaims boots) {
        this.engine = engine;
        this.boots = boots;
        this.interventions = new RunInterventions(engine);
        this.pools = new PoolCommands(engine);
    }

    Reply command(Batch batch, Input.FromPerson command) {
        return switch (command) {
            case Input.StartRun start -> start(batch, start);
            case Input.StartCleaning(var machine, Input.StartRun start) ->
                    clean(batch, machine, start);
            case Input.Cancel cancel -> interventions.cancel(batch, cancel);
            case Input.Pause pause -> interventions.pause(batch, pause);
            case Input.Resume resume -> interventions.resume(batch, resume);
            case Input.Retry retry -> retry(batch, retry);
            case Input.Skip skip -> skip(batch, skip);
            case Input.Resolve resolve -> resolve(batch, resolve);
            case Input.ApproveMore approve -> approveMore(batch, approve);
            case Input.Taint taint -> taint(batch, taint);
            case Input.SetParams params -> engine.fleet.setParams(batch, params);
            case Input.ApproveMachine approval -> boots.approve(batch, approval);
            case Input.ForgetMachine wish -> boots.forget(batch, wish);
            case Input.Reinstall wish -> boots.reinstall(batch, wish);
            case Input.OfPool ofPool -> pools.command(batch, ofPool);
            case Input.Enrol enrol -> {
                batch.audit("machine.enrolled", Optional.empty(), enrol.name(), enrol.by());
                yield engine.fleet.enrol(batch, enrol.name());
            }
        };
    }

    private Reply start(Batch batch, Input.StartRun start) {
        return start(batch, start, _ -> {});
    }

    /// @param first told which run it is, before that begins
    private Reply start(Batch batch, Input.StartRun start, Consumer<RunId> first) {
        Plan plan = start.plan().plan();
        Approval approval = start.approval();
        Optional<Problem> objection = objection(batch, start.planDigest(), approval, plan);
        if (objection.isPresent()) {
            return new Reply.Refused(objection.get());
        }
        settle(batch, plan);
        RunRecord record =
                RunRecord.requested(
                        engine.parts.identifiers().run(),
                        plan,
                        start.planDigest(),
                        RunShards.of(start.plan(), this::machine),
                        start.by(),
                        start.terms(),
                        batch.now(),
                        engine.epoch);
        engine.usedPlans.add(start.planDigest());
        RunCore run = new RunCore(engine, record, start.plan(), List.of(), start.results());
        engine.admit(run);
        first.accept(record.id());
        engine.tapes.tell(batch, run, new Told.Began(), () -> begin(batch, run, approval, start));
        return new Reply.RunStarted(record.id());
    }

    /// In one transition with what says that this run cleans it: so no second one ever does.
    private Reply clean(Batch batch, MachineId machine, Input.StartRun start) {
        Host host = engine.fleet.host(machine);
        if (host == null || !engine.poolCleaning.wantsCleaner(host)) {
            return refused(
                    "pool.not-dirty", machine + " is not to be cleaned, or is already", null);
        }
        return start(batch, start, run -> engine.poolCleaning.cleaning(batch, host, run));
    }

    private static void begin(Batch batch, RunCore run, Approval approval, Input.StartRun start) {
        RunRecord record = run.record();
        run.pace().begin(batch, "run.started");
        batch.approval(
                new Approval(
                        approval.planDigest(),
                        approval.by(),
                        approval.at(),
                        approval.expiresAt(),
                        Optional.of(record.id())));
        batch.audit("run.requested", Optional.of(record.id()), record.cluster(), start.by());
        // What stays BLOCKED is not stored: the plan has it.
        run.proceed(batch);
    }

    /// Members that were never in a cluster, or left theirs, are in this one's shard from now on,
    /// unless another open run works where they were.
    private void settle(Batch batch, Plan plan) {
        if (plan.kind() != Plan.Kind.APPLY) {
            return;
        }
        for (Member member : plan.members()) {
            member.machine()
                    .filter(_ -> member.wanted())
                    .flatMap(id -> Optional.ofNullable(engine.fleet.host(id)))
                    .filter(host -> mayMove(host.machine, plan.cluster()))
                    .ifPresent(host ->
                            engine.fleet.put(batch, host, host.machine.withHome(plan.cluster())));
        }
    }

    private boolean mayMove(Machine machine, String cluster) {
        return machine.placement().isEmpty()
                && !machine.home().equals(Optional.of(cluster))
                && engine.runs.values().stream()
                        .noneMatch(run -> run.record().shards().contains(Shard.of(machine)));
    }

    private Optional<Machine> machine(String name) {
        return engine.fleet.named(name).stream().findFirst().map(host -> host.machine);
    }

    private Optional<Problem> objection(
            Batch batch, String planDigest, Approval approval, Plan plan) {
        if (!approval.planDigest().equals(planDigest)) {
            return Optional.of(
                    Problem.of(
                            "plan.not-approved",
                            "the approval is of another plan",
                            "`formwork approve` this one"));
        }
        if (approval.usedBy().isPresent() || engine.usedPlans.contains(planDigest)) {
            return Optional.of(
                    Problem.of(
                            "plan.used",
                            "the plan was applied already"
                                    + approval.usedBy().map(run -> " by " + run).orElse(""),
                            "plan again; `formwork retry` goes on with a run that failed"));
        }
        if (!approval.expiresAt().isAfter(batch.now())) {
            return Optional.of(
                    Problem.of(
                            "plan.approval-expired",
                            "the approval expired at " + approval.expiresAt(),
                            "plan and approve again"));
        }
        return busy(plan.cluster());
    }

    private Optional<Problem> busy(String cluster) {
        return Optional.ofNullable(engine.runOf(cluster))
                .map(other ->
                        Problem.of(
                                "run.cluster-busy",
                                cluster + " has the open run " + other.record().id(),
                                "wait for it, or cancel it"));
    }

    private Reply retry(Batch batch, Input.Retry retry) {
        RunCore open = engine.runs.get(retry.run());
        Optional<Problem> objection = objection(retry.run(), open, retry.stored());
        if (objection.isPresent()) {
            return new Reply.Refused(objection.get());
        }
        RunCore run = open != null ? open : reopened(retry.stored().orElseThrow());
        List<Integer> nodes = new ArrayList<>();
        for (NodeKey key : retry.nodes()) {
            Optional<Integer> node = run.number(key);
            if (node.isEmpty()) {
                return unknownNode(key);
            }
            if (!failed(run, node.get())) {
                return refused(
                        "node.not-failed",
                        key + " is " + run.graph().state(node.get()).word(),
                        "only what failed or was cancelled can be tried again");
            }
            nodes.add(node.get());
        }
        if (retry.nodes().isEmpty()) {
            nodes.addAll(run.graph().unsuccessful());
            if (nodes.isEmpty() && open != null) {
                return refused("node.not-failed", "nothing of the run has failed", null);
            }
        }
        engine.admit(run);
        engine.tapes.tell(
                batch,
                run,
                new Told.Retried(retry.nodes(), retry.by()),
                () -> {
                    batch.audit(
                            "run.retry",
                            Optional.of(retry.run()),
                            run.record().cluster(),
                            retry.by());
                    run.retry(batch, nodes);
                    run.proceed(batch);
                });
        return new Reply.Done();
    }

    private static boolean failed(RunCore run, int node) {
        NodeState state = run.graph().state(node);
        return state == NodeState.FAILED || state == NodeState.CANCELLED;
    }

    private Optional<Problem> objection(StoredRun stored) {
        RunRecord record = stored.run();
        if (record.state() == RunRecord.State.SUCCEEDED) {
            return Optional.of(
                    Problem.of("run.succeeded", record.id() + " succeeded", "plan again"));
        }
        if (!stored.newest()) {
            return Optional.of(
                    Problem.of(
                            "run.superseded",
                            "a later run of " + record.cluster() + " has begun",
                            "retry that one, or plan again"));
        }
        return busy(record.cluster());
    }

    private Reply skip(Batch batch, Input.Skip skip) {
        RunCore open = engine.runs.get(skip.run());
        Optional<Problem> objection = objection(skip.run(), open, skip.stored());
        if (objection.isPresent()) {
            return new Reply.Refused(objection.get());
        }
        RunCore run = open != null ? open : reopened(skip.stored().orElseThrow());
        Optional<Integer> node = run.number(skip.node());
        if (node.isEmpty()) {
            return unknownNode(skip.node());
        }
        Optional<Problem> not = RunInterventions.mayNotSkip(run, node.get());
        if (not.isPresent()) {
            return new Reply.Refused(not.get());
        }
        engine.admit(run);
        engine.tapes.tell(
                batch,
                run,
                new Told.Skipped(skip.node(), skip.reason(), skip.by()),
                () -> {
                    run.retry(batch, List.of());
                    RunInterventions.skip(batch, run, node.get(), skip);
                    run.proceed(batch);
                });
        return new Reply.Done();
    }

    /// Why a run can't be taken up again.
    private Optional<Problem> objection(
            RunId id, @Nullable RunCore open, Optional<StoredRun> stored) {
        if (open != null && open.rollbacks().any()) {
            return Optional.of(
                    Problem.of(
                            "run.undoing",
                            "what the run has done is being undone",
                            "wait for its end"));
        }
        if (open != null) {
            return open.cancelling()
                    ? Optional.of(
                            Problem.of(
                                    "run.cancelling",
                                    "the run is being cancelled",
                                    "wait for its end"))
                    : Optional.empty();
        }
        return stored.isEmpty() ? Optional.of(notOpen(id).problem()) : objection(stored.get());
    }

    private RunCore reopened(StoredRun stored) {
        RunRecord record = stored.run().withShards(RunShards.of(stored.plan(), this::machine));
        return new RunCore(engine, record, stored.plan(), stored.nodes(), stored.results());
    }

    private Reply resolve(Batch batch, Input.Resolve resolve) {
        RunCore run = engine.runs.get(resolve.run());
        if (run == null) {
            return notOpen(resolve.run());
        }
        Optional<Integer> node = run.number(resolve.node());
        if (node.isEmpty()) {
            return unknownNode(resolve.node());
        }
        if (!asks(run, node.get(), Question.DID_IT_HAPPEN)) {
            return nothingAsked(resolve.node());
        }
        return engine.tapes.tell(
                batch,
                run,
                new Told.Resolved(
                        resolve.node(), resolve.happened(), resolve.outputs(), resolve.by()),
                () -> resolve(batch, resolve, run, node.get()));
    }

    private static Reply resolve(Batch batch, Input.Resolve resolve, RunCore run, int node) {
        if (resolve.happened()) {
            List<Problem> problems = run.success().happened(batch, node, resolve.outputs());
            if (!problems.isEmpty()) {
                return refused(
                        problems.getFirst().code(),
                        Words.of(problems),
                        "give the outputs that the step would have had");
            }
        } else {
            run.steps().didNotHappen(batch, node);
        }
        batch.audit(
                resolve.happened() ? "node.happened" : "node.did-not-happen",
                Optional.of(resolve.run()),
                resolve.node().toString(),
                resolve.by());
        run.proceed(batch);
        return new Reply.Done();
    }

    private Reply approveMore(Batch batch, Input.ApproveMore approve) {
        RunCore run = engine.runs.get(approve.run());
        if (run == null) {
            return notOpen(approve.run());
        }
        Optional<Integer> node = run.number(approve.node());
        if (node.isEmpty()) {
            return unknownNode(approve.node());
        }
        if (!asks(run, node.get(), Question.APPROVE_MORE)) {
            return nothingAsked(approve.node());
        }
        Optional<Claims.Obstacle> held =
                approve.node().machine().flatMap(machine -> run.pace().add(machine));
        if (held.isPresent()) {
            return refused(
                    "machine.held",
                    "it needs machine " + held.get().words(),
                    "approve it when that run has ended");
        }
        engine.tapes.tell(
                batch,
                run,
                new Told.Approved(approve.node(), approve.by()),
                () -> {
                    batch.audit(
                            "node.approved",
                            Optional.of(approve.run()),
                            approve.node().toString(),
                            approve.by());
                    run.steps().enqueue(batch, node.get());
                    run.proceed(batch);
                });
        return new Reply.Done();
    }

    private static boolean asks(RunCore run, int node, Question question) {
        NodeRecord record = run.graph().record(node);
        return record.question().equals(Optional.of(question));
    }

    private Reply taint(Batch batch, Input.Taint taint) {
        StepResult given = taint.result();
        RunCore run = engine.runOf(given.cluster());
        Told told = new Told.Tainted(given.key(), taint.by());
        if (run == null) {
            taint.last()
                    .filter(last -> !last.equals(given.run()))
                    .ifPresent(last -> batch.replaced(last, given));
            batch.result(given.withTaint());
            taint.last()
                    .ifPresent(last ->
                            batch.tape(
                                    last,
                                    List.of(new TapeEntry(batch.now(), told, false, List.of()))));
        } else {
            Optional<StepResult> known = run.results().find(given.key());
            if (known.isEmpty()) {
                return refused("result.unknown", "there is no result of " + given.key(), null);
            }
            engine.tapes.tell(
                    batch, run, told, () -> run.results().put(batch, known.get().withTaint()));
        }
        batch.audit("step.tainted", Optional.empty(), given.key().toString(), taint.by());
        return new Reply.Done();
    }

    static Reply.Refused notOpen(RunId run) {
        return refused("run.not-open", run + " is not open", "`formwork runs` lists them");
    }

    private static Reply unknownNode(NodeKey key) {
        return refused(
                "node.unknown", "the run has no node " + key, "`formwork status` lists them");
    }

    private static Reply nothingAsked(NodeKey key) {
        return refused("node.nothing-asked", "nothing of that kind is asked about " + key, null);
    }

    private static Reply.Refused refused(String code, String detail, @Nullable String hint) {
        return new Reply.Refused(Problem.of(code, detail, hint));
    }
}
