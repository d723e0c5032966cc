package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;

import java.time.Instant;
import java.util.List;

/// How the jobs of a run end, and what that makes of their nodes.
final class StepReports {
    /// A task that asks for more reboots than this goes round in circles.
    private static final int MOST_PHASES = 25;

    private final EngineState engine;
    private final RunCore run;

    StepReports(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    private NodeRecord record(int node) {
        return run.graph().record(node);
    }

    private PlannedNode planned(int node) {
        return run.graph().planned(node);
    }

    void started(Batch batch, OpenJob job) {
        if (engine.jobs.started(batch, job)) {
            int node = job.node.node();
            run.put(batch, node, record(node).to(NodeState.RUNNING, ""));
        }
    }

    Reply reported(Batch batch, OpenJob job, Input.Reported report) {
        int node = job.node.node();
        return switch (report.outcome()) {
            case REBOOT, INCOMPLETE, POWER_OFF -> goesDown(batch, job, report);
            case SUCCEEDED,
                    HOLDS,
                    DOES_NOT_HOLD,
                    CHECK_UNKNOWN,
                    FAILED,
                    TIMED_OUT,
                    CANCELLED,
                    INTERRUPTED -> {
                engine.close(batch, job, true);
                ended(batch, job, node, report);
                yield new Reply.Done();
            }
        };
    }

    /// The agent takes the machine down only when its report is accepted.
    private Reply goesDown(Batch batch, OpenJob job, Input.Reported report) {
        int node = job.node.node();
        boolean cancelled = job.state().ending();
        boolean approved =
                planned(node).effects().contains(dev.formwork.model.module.Effect.REBOOT);
        boolean comesBack = report.outcome() != Outcome.POWER_OFF;
        if (!cancelled && approved && comesBack && job.record.phase() < MOST_PHASES) {
            engine.jobs.reboot(batch, job);
            run.put(
                    batch,
                    node,
                    record(node)
                            .to(NodeState.RUNNING, job.host.machine.name() + " reboots")
                            .inPhase(job.record.phase())
                            .withWakeAt(job.deadline));
            return new Reply.Done();
        }
        if (!cancelled && approved && !comesBack) {
            engine.close(batch, job, true);
            succeeded(batch, job, node, report.outputs(), true);
            return new Reply.Done();
        }
        engine.close(batch, job, false);
        NodeRecord fenced = record(node).fenced();
        if (run.limits().fails(batch, node)) {
            return Jobs.fenced(job.id());
        }
        Instant now = batch.now();
        run.put(
                batch,
                node,
                cancelled
                        ? fenced.ended(NodeState.CANCELLED, "the run was cancelled", now)
                        : approved
                                ? fenced.failed(
                                        "step.too-many-reboots",
                                        "it asked for " + MOST_PHASES + " reboots",
                                        now)
                                : fenced.failed(
                                        "step.unapproved-effect",
                                        "it asked for a reboot, which was not approved"
                                                + " (declare `effects: [reboot]` and plan again)",
                                        now));
        return Jobs.fenced(job.id());
    }

    private void ended(Batch batch, OpenJob job, int node, Input.Reported report) {
        boolean checkFirst = job.record.mode() == JobRecord.Mode.CHECK_THEN_RUN;
        switch (report.outcome()) {
            case SUCCEEDED -> succeeded(batch, job, node, report.outputs(), true);
            case HOLDS -> {
                if (checkFirst) {
                    holds(batch, job, node, report.outputs());
                } else {
                    badReport(batch, job, node, report);
                }
            }
            case DOES_NOT_HOLD, CHECK_UNKNOWN -> {
                if (checkFirst) {
                    holdsNot(batch, job, node, report.outcome());
                } else {
                    badReport(batch, job, node, report);
                }
            }
            case FAILED -> {
                String what =
                        report.detail()
                                .map(Names::abbreviate)
                                .orElseGet(() ->
                                        report.exitCode()
                                                .map(exit -> "it ended with " + exit)
                                                .orElse("it failed"));
                run.losses()
                        .failed(
                                batch,
                                job,
                                node,
                                report.code().map(Names::abbreviate).orElse("step.failed"),
                                what);
            }
            case TIMED_OUT ->
                    run.losses()
                            .failed(
                                    batch,
                                    job,
                                    node,
                                    "step.timeout",
                                    "it took longer than "
                                            + job.record.timeout().toSeconds()
                                            + " s");
            case CANCELLED -> run.losses().interrupted(batch, job, node, "it was interrupted");
            case INTERRUPTED ->
                    run.losses()
                            .interrupted(
                                    batch,
                                    job,
                                    node,
                                    report.detail()
                                            .map(why ->
                                                    "it was interrupted ("
                                                            + Names.abbreviate(why)
                                                            + ")")
                                            .orElse("it was interrupted"));
            case REBOOT, INCOMPLETE, POWER_OFF ->
                    throw new IllegalStateException("not the end of a job");
        }
    }

    private void succeeded(Batch batch, OpenJob job, int node, Value.Struct outputs, boolean ran) {
        List<Problem> problems = run.success().succeeded(batch, job, node, outputs, ran);
        if (!problems.isEmpty()) {
            run.losses().failed(batch, job, node, "output.invalid", Words.of(problems));
        }
    }

    private void badReport(Batch batch, OpenJob job, int node, Input.Reported report) {
        run.losses()
                .failed(
                        batch,
                        job,
                        node,
                        "agent.bad-report",
                        "the agent reported `"
                                + report.outcome().word()
                                + "` of what was no check");
    }

    private void holds(Batch batch, OpenJob job, int node, Value.Struct outputs) {
        boolean done =
                planned(node).decision() == Decision.MAY_RUN
                        && !run.steps().work(node).handles()
                        && run.results()
                                .find(planned(node).key())
                                .filter(result -> !result.tainted())
                                .filter(result ->
                                        StepDecision.isOf(
                                                result,
                                                run.success()
                                                        .fingerprint(node, job.record.inputs()),
                                                job.host.machine))
                                .isPresent();
        if (done) {
            run.end(batch, node, NodeState.UNCHANGED, "its check holds");
        } else {
            // A lost attempt before this one may have done it.
            succeeded(batch, job, node, outputs, job.record.attempt() > 1);
        }
    }

    private void holdsNot(Batch batch, OpenJob job, int node, Outcome answer) {
        if (run.limits().fails(batch, node)) {
            return;
        }
        Repeat repeat = StepNodes.repeat(job.task, planned(node).action());
        if (answer == Outcome.CHECK_UNKNOWN && repeat != Repeat.IDEMPOTENT) {
            run.ask(
                    batch,
                    node,
                    Question.DID_IT_HAPPEN,
                    "its check gave no answer: did it happen before?");
        } else if (run.cancelling()) {
            run.end(batch, node, NodeState.CANCELLED, "the run was cancelled");
        } else {
            run.steps().runsThoughChecked(node);
            run.steps().enqueue(batch, node);
        }
    }
}
