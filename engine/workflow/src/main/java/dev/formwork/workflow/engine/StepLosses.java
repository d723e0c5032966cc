package dev.formwork.workflow.engine;

import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Step;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;

import java.time.Instant;
import java.util.Optional;

/// Attempts that fail, or of which nobody knows how they ended.
final class StepLosses {
    private final EngineState engine;
    private final RunCore run;

    StepLosses(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    private NodeRecord record(int node) {
        return run.graph().record(node);
    }

    private PlannedNode planned(int node) {
        return run.graph().planned(node);
    }

    /// An attempt that is known to have failed.
    void failed(Batch batch, OpenJob job, int node, String code, String what) {
        if (run.limits().fails(batch, node)) {
            return;
        }
        NodeRecord now = record(node);
        Optional<Step.Retry> retry = run.steps().retry(planned(node));
        boolean again =
                retry.isPresent()
                        && now.failures() <= retry.get().times()
                        && StepNodes.repeat(job.task, planned(node).action()) != Repeat.AT_MOST_ONCE
                        && !run.cancelling();
        if (!again) {
            run.fail(batch, node, code, what);
            return;
        }
        Instant at = batch.now().plus(retry.get().delay());
        run.put(
                batch,
                node,
                now.to(
                                NodeState.WAITING,
                                "attempt "
                                        + now.attempt()
                                        + " failed ("
                                        + what
                                        + "); next at "
                                        + at)
                        .withCode(code)
                        .withWakeAt(at));
        engine.timers.set(at, new Timers.Timer.Wake(job.node));
    }

    /// An attempt of which nobody knows how it ended.
    void interrupted(Batch batch, OpenJob job, int node, String what) {
        if (run.limits().fails(batch, node)) {
            return;
        }
        NodeRecord now = record(node);
        if (run.cancelling()) {
            run.end(batch, node, NodeState.CANCELLED, "the run was cancelled");
            return;
        }
        Repeat declared = StepNodes.repeat(job.task, planned(node).action());
        switch (engine.safeguards.afterLoss(declared)) {
            case AT_MOST_ONCE ->
                    run.ask(
                            batch,
                            node,
                            Question.DID_IT_HAPPEN,
                            what + " and must not happen twice: did it happen?");
            case IDEMPOTENT, VERIFY_FIRST -> {
                int most =
                        engine.parts.settings().interruptions()
                                + run.steps().retry(planned(node)).map(Step.Retry::times).orElse(0);
                if (now.failures() > most) {
                    run.fail(batch, node, "step.interrupted", what + " once too often");
                } else {
                    run.steps().enqueue(batch, node);
                }
            }
        }
    }

    /// The agent does not know the job any more.
    void lost(Batch batch, OpenJob job) {
        int node = job.node.node();
        giveUp(batch, job, node);
        interrupted(batch, job, node, "the agent lost it");
    }

    /// The engine was restored from a backup since: another may have gone on with the job.
    void outdated(Batch batch, OpenJob job) {
        int node = job.node.node();
        giveUp(batch, job, node);
        interrupted(batch, job, node, "the engine was restored from a backup while it ran; it");
    }

    /// The job took longer than it may, and its agent has not said why.
    void overdue(Batch batch, OpenJob job) {
        int node = job.node.node();
        JobRecord.State state = job.state();
        giveUp(batch, job, node);
        if (run.limits().fails(batch, node)) {
            return;
        }
        String name = job.host.machine.name();
        switch (state) {
            case CANCELLING, KILLING ->
                    run.end(
                            batch,
                            node,
                            NodeState.CANCELLED,
                            "the run was cancelled; the agent of "
                                    + name
                                    + " has not confirmed it");
            case REBOOTING ->
                    run.fail(
                            batch,
                            node,
                            "machine.agent-absent",
                            name + " did not come back from the reboot in time");
            case OFFERED, STARTED, CLOSED ->
                    failed(
                            batch,
                            job,
                            node,
                            "step.timeout",
                            "the agent of " + name + " has not reported it in time");
        }
    }

    void machineGone(Batch batch, OpenJob job) {
        int node = job.node.node();
        giveUp(batch, job, node);
        run.fail(
                batch,
                node,
                "machine.gone",
                job.host.machine.name() + " is gone, and nobody knows how this ended");
    }

    private void giveUp(Batch batch, OpenJob job, int node) {
        engine.close(batch, job, false);
        run.put(batch, node, record(node).fenced());
    }
}
