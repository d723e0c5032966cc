package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.result.StepResult;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How the jobs of a run end, and what that makes of their nodes.
final class StepReports {
    /// A task that asks for more reboots than this goes round in circles.
    private static final int MOST_PHASES = 25;

    /// Where a node comes after more steps than this, its result names the gates between.
    private static final int MOST_BEFORE = 256;

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
                engine.jobs.close(batch, job, true);
                ended(batch, job, node, report);
                engine.offerRoom(batch, job.host);
                yield new Reply.Done();
            }
        };
    }

    /// The agent takes the machine down only when its report is accepted.
    private Reply goesDown(Batch batch, OpenJob job, Input.Reported report) {
        int node = job.node.node();
        boolean cancelled = job.state() == JobRecord.State.CANCELLING;
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
            engine.jobs.close(batch, job, true);
            succeeded(batch, job, node, report.outputs());
            engine.offerRoom(batch, job.host);
            return new Reply.Done();
        }
        engine.jobs.close(batch, job, false);
        NodeRecord fenced = record(node).fenced();
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
        engine.offerRoom(batch, job.host);
        return Jobs.fenced(job.id());
    }

    private void ended(Batch batch, OpenJob job, int node, Input.Reported report) {
        boolean checkFirst = job.record.mode() == JobRecord.Mode.CHECK_THEN_RUN;
        switch (report.outcome()) {
            case SUCCEEDED -> succeeded(batch, job, node, report.outputs());
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
                failed(
                        batch,
                        job,
                        node,
                        report.code().map(Names::abbreviate).orElse("step.failed"),
                        what);
            }
            case TIMED_OUT ->
                    failed(
                            batch,
                            job,
                            node,
                            "step.timeout",
                            "it took longer than " + job.record.timeout().toSeconds() + " s");
            case CANCELLED, INTERRUPTED -> interrupted(batch, job, node, "it was interrupted");
            case REBOOT, INCOMPLETE, POWER_OFF ->
                    throw new IllegalStateException("not the end of a job");
        }
    }

    private void badReport(Batch batch, OpenJob job, int node, Input.Reported report) {
        failed(
                batch,
                job,
                node,
                "agent.bad-report",
                "the agent reported `" + report.outcome().word() + "` of what was no check");
    }

    private void succeeded(Batch batch, OpenJob job, int node, Value.Struct outputs) {
        if (planned(node).action() == Action.UNDO) {
            run.results().drop(batch, planned(node).undone());
            run.end(batch, node, NodeState.SUCCEEDED, "");
            return;
        }
        List<Problem> problems = engine.parts.outputCheck().problems(job.task, outputs);
        if (!problems.isEmpty()) {
            failed(batch, job, node, "output.invalid", words(problems));
            return;
        }
        record(
                batch,
                node,
                job.host.machine,
                job.task,
                job.record.module(),
                job.record.inputs(),
                outputs);
    }

    static String words(List<Problem> problems) {
        return problems.stream().map(Problem::detail).collect(Collectors.joining("; "));
    }

    private void record(
            Batch batch,
            int node,
            Machine machine,
            Task task,
            LoadedModule.Lock lock,
            Value.Struct inputs,
            Value.Struct outputs) {
        run.results()
                .put(
                        batch,
                        new StepResult(
                                run.record().cluster(),
                                planned(node).key(),
                                machine.incarnationKey(),
                                fingerprint(node, inputs),
                                lock,
                                inputs,
                                marked(task, outputs),
                                before(node),
                                run.steps().work(node).event(),
                                false,
                                run.record().id()));
        run.end(batch, node, NodeState.SUCCEEDED, "");
    }

    private Fingerprint fingerprint(int node, Value.Struct inputs) {
        return engine.parts.fingerprinter().of(run.steps().work(node).module(), inputs);
    }

    private static Value.Struct marked(Task task, Value.Struct outputs) {
        Map<String, Value> marked = new LinkedHashMap<>();
        outputs.fields()
                .forEach((name, value) -> {
                    OutputSpec spec = task.outputs().get(name);
                    boolean secret = spec != null && spec.secret();
                    marked.put(name, secret ? new Value.Secret(value) : value);
                });
        return Value.of(marked);
    }

    /// The steps that a node came after, those behind a gate too.
    private SortedSet<NodeKey> before(int node) {
        TreeSet<NodeKey> steps = new TreeSet<>();
        for (int before : run.graph().before(node)) {
            switch (planned(before).action()) {
                case STEP -> steps.add(planned(before).key());
                case GATE -> {
                    int[] behind = run.graph().before(before);
                    if (steps.size() + behind.length > MOST_BEFORE) {
                        steps.add(planned(before).key());
                    } else {
                        for (int step : behind) {
                            if (planned(step).action() == Action.STEP) {
                                steps.add(planned(step).key());
                            }
                        }
                    }
                }
                case CREATE, BOOT, UNDO, REMOVE -> {}
            }
        }
        return steps;
    }

    private void holds(Batch batch, OpenJob job, int node, Value.Struct outputs) {
        boolean done =
                planned(node).decision() == Decision.MAY_RUN
                        && run.results()
                                .find(planned(node).key())
                                .filter(result -> !result.tainted())
                                .filter(result ->
                                        StepDecision.isOf(
                                                result,
                                                fingerprint(node, job.record.inputs()),
                                                job.host.machine))
                                .isPresent();
        if (done) {
            run.end(batch, node, NodeState.UNCHANGED, "its check holds");
        } else {
            succeeded(batch, job, node, outputs);
        }
    }

    private void holdsNot(Batch batch, OpenJob job, int node, Outcome answer) {
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

    /// An attempt that is known to have failed.
    private void failed(Batch batch, OpenJob job, int node, String code, String what) {
        NodeRecord now = record(node);
        Optional<Step.Retry> retry = run.steps().retry(planned(node));
        boolean again =
                retry.isPresent()
                        && now.attempt() <= retry.get().times()
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
    private void interrupted(Batch batch, OpenJob job, int node, String what) {
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
                if (now.attempt() > most) {
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
        engine.offerRoom(batch, job.host);
    }

    /// The job took longer than it may, and its agent has not said why.
    void overdue(Batch batch, OpenJob job) {
        int node = job.node.node();
        JobRecord.State state = job.state();
        giveUp(batch, job, node);
        String name = job.host.machine.name();
        switch (state) {
            case CANCELLING ->
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
        engine.offerRoom(batch, job.host);
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
        engine.jobs.close(batch, job, false);
        run.put(batch, node, record(node).fenced());
    }

    /// A person says that a step happened whose end nobody knows.
    ///
    /// @return what is wrong with the outputs that the person gives
    List<Problem> happened(Batch batch, int node, Value.Struct outputs) {
        PlannedNode planned = planned(node);
        if (planned.action() == Action.UNDO) {
            run.results().drop(batch, planned.undone());
            run.end(batch, node, NodeState.SUCCEEDED, "a person says it happened");
            return List.of();
        }
        return switch (run.steps().verdict(node, true)) {
            case StepDecision.Verdict.Run(LoadedModule module, Value.Struct inputs, _) -> {
                Task task = (Task) module.module();
                List<Problem> problems = engine.parts.outputCheck().problems(task, outputs);
                if (problems.isEmpty()) {
                    Machine machine = run.members().host(planned).orElseThrow().machine;
                    LoadedModule.Lock lock = planned.module().orElseGet(module::lock);
                    record(batch, node, machine, task, lock, inputs, outputs);
                }
                yield problems;
            }
            case StepDecision.Verdict.Fail(String code, String reason) ->
                    List.of(Problem.of(code, reason));
            case StepDecision.Verdict.Ask _,
                    StepDecision.Verdict.Skip _,
                    StepDecision.Verdict.Unchanged _ ->
                    List.of(
                            Problem.of(
                                    "node.nothing-asked",
                                    "it is not to run any more",
                                    "answer no, and it ends by itself"));
        };
    }
}
