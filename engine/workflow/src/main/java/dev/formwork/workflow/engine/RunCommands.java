package dev.formwork.workflow.engine;

import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people ask for.
final class RunCommands {
    private final EngineState engine;

    RunCommands(EngineState engine) {
        this.engine = engine;
    }

    Reply command(Batch batch, Input.FromPerson command) {
        return switch (command) {
            case Input.StartRun start -> start(batch, start);
            case Input.Cancel cancel -> cancel(batch, cancel);
            case Input.Retry retry -> retry(batch, retry);
            case Input.Resolve resolve -> resolve(batch, resolve);
            case Input.ApproveMore approve -> approveMore(batch, approve);
            case Input.Taint taint -> taint(batch, taint);
            case Input.Enrol enrol -> {
                batch.audit("machine.enrolled", Optional.empty(), enrol.name(), enrol.by());
                yield engine.fleet.enrol(batch, enrol.name());
            }
        };
    }

    private Reply start(Batch batch, Input.StartRun start) {
        Plan plan = start.plan().plan();
        Approval approval = start.approval();
        Optional<Problem> objection = objection(batch, start.planDigest(), approval, plan);
        if (objection.isPresent()) {
            return new Reply.Refused(objection.get());
        }
        RunRecord record =
                new RunRecord(
                        engine.parts.identifiers().run(),
                        plan.cluster(),
                        plan.kind(),
                        start.planDigest(),
                        RunRecord.State.RUNNING,
                        start.by(),
                        "",
                        batch.now(),
                        Optional.empty());
        engine.usedPlans.add(start.planDigest());
        RunCore run = new RunCore(engine, record, start.plan(), List.of(), start.results());
        engine.admit(run);
        run.change(batch, record, "run.started");
        batch.approval(
                new Approval(
                        approval.planDigest(),
                        approval.by(),
                        approval.at(),
                        approval.expiresAt(),
                        Optional.of(record.id())));
        batch.audit("run.requested", Optional.of(record.id()), plan.cluster(), start.by());
        for (int node = 0; node < run.graph().size(); node++) {
            batch.node(run.graph().record(node));
        }
        run.proceed(batch);
        return new Reply.RunStarted(record.id());
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

    private Reply cancel(Batch batch, Input.Cancel cancel) {
        RunCore run = engine.runs.get(cancel.run());
        if (run == null) {
            return notOpen(cancel.run());
        }
        batch.audit("run.cancel", Optional.of(cancel.run()), run.record().cluster(), cancel.by());
        run.cancel(batch, cancel.by());
        run.proceed(batch);
        return new Reply.Done();
    }

    private Reply retry(Batch batch, Input.Retry retry) {
        RunCore open = engine.runs.get(retry.run());
        if (open == null && retry.stored().isEmpty()) {
            return notOpen(retry.run());
        }
        if (open != null && open.cancelling()) {
            return refused("run.cancelling", "the run is being cancelled", "wait for its end");
        }
        if (open == null) {
            StoredRun stored = retry.stored().get();
            Optional<Problem> objection = objection(stored);
            if (objection.isPresent()) {
                return new Reply.Refused(objection.get());
            }
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
        batch.audit("run.retry", Optional.of(retry.run()), run.record().cluster(), retry.by());
        run.retry(batch, nodes);
        run.proceed(batch);
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

    private RunCore reopened(StoredRun stored) {
        return new RunCore(engine, stored.run(), stored.plan(), stored.nodes(), stored.results());
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
        if (resolve.happened()) {
            List<Problem> problems = run.success().happened(batch, node.get(), resolve.outputs());
            if (!problems.isEmpty()) {
                return refused(
                        problems.getFirst().code(),
                        Words.of(problems),
                        "give the outputs that the step would have had");
            }
        } else {
            run.steps().enqueue(batch, node.get());
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
        batch.audit(
                "node.approved",
                Optional.of(approve.run()),
                approve.node().toString(),
                approve.by());
        run.steps().enqueue(batch, node.get());
        run.proceed(batch);
        return new Reply.Done();
    }

    private static boolean asks(RunCore run, int node, Question question) {
        NodeRecord record = run.graph().record(node);
        return record.question().equals(Optional.of(question));
    }

    private Reply taint(Batch batch, Input.Taint taint) {
        StepResult given = taint.result();
        RunCore run = engine.runOf(given.cluster());
        if (run == null) {
            batch.result(given.withTaint());
        } else {
            Optional<StepResult> known = run.results().find(given.key());
            if (known.isEmpty()) {
                return refused("result.unknown", "there is no result of " + given.key(), null);
            }
            run.results().put(batch, known.get().withTaint());
        }
        batch.audit("step.tainted", Optional.empty(), given.key().toString(), taint.by());
        return new Reply.Done();
    }

    private static Reply notOpen(RunId run) {
        return refused("run.not-open", run + " is not open", "`formwork runs` lists them");
    }

    private static Reply unknownNode(NodeKey key) {
        return refused(
                "node.unknown", "the run has no node " + key, "`formwork status` lists them");
    }

    private static Reply nothingAsked(NodeKey key) {
        return refused("node.nothing-asked", "nothing of that kind is asked about " + key, null);
    }

    private static Reply refused(String code, String detail, @Nullable String hint) {
        return new Reply.Refused(Problem.of(code, detail, hint));
    }
}
