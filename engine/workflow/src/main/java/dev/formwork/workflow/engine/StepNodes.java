package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.HttpCall;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.StepDecision.Verdict;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Place;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// STEP and UNDO nodes of a run, from when nothing blocks them until an agent has their job.
final class StepNodes {
    private static final String AFTER_BACKUP =
            "the engine was restored from a backup, and this must not happen twice: did it happen"
                    + " after the backup was made?";

    private final EngineState engine;
    private final RunCore run;

    /// Nodes of which a check said just now that they have to run. Not recorded: after a crash the
    /// check is asked again.
    private final Set<Integer> checked = new HashSet<>();

    StepNodes(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    private RunGraph graph() {
        return run.graph();
    }

    void unblocked(Batch batch, int node) {
        NodeRecord record = graph().record(node);
        PlannedNode planned = graph().planned(node);
        Verdict verdict = verdict(node, record.attempt() > 0);
        switch (verdict) {
            case Verdict.Run(LoadedModule module, _, _) -> {
                boolean once =
                        repeat((Task) module.module(), planned.action()) == Repeat.AT_MOST_ONCE;
                if (once && record.attempt() > 0) {
                    run.ask(
                            batch,
                            node,
                            Question.DID_IT_HAPPEN,
                            "it was tried before and must not happen twice: did it happen?");
                } else {
                    enqueue(batch, node);
                }
            }
            case Verdict.Ask(String reason) -> run.ask(batch, node, Question.APPROVE_MORE, reason);
            case Verdict.Skip _, Verdict.Unchanged _, Verdict.Fail _ -> end(batch, node, verdict);
        }
    }

    /// Its engine was restored from a backup since: the one before may have gone on with it.
    private boolean othersMayHaveGoneOn(NodeRecord record) {
        return engine.epoch.isAfter(run.record().epoch()) && isOutdated(record.token());
    }

    private boolean isOutdated(long token) {
        return token < engine.epoch.floor();
    }

    /// A person says so of what must not happen twice: it runs.
    void didNotHappen(Batch batch, int node) {
        run.put(batch, node, graph().record(node).above(engine.epoch.floor()));
        enqueue(batch, node);
    }

    private void end(Batch batch, int node, Verdict verdict) {
        switch (verdict) {
            case Verdict.Skip(String reason) -> run.end(batch, node, NodeState.SKIPPED, reason);
            case Verdict.Unchanged(String reason) ->
                    run.end(batch, node, NodeState.UNCHANGED, reason);
            case Verdict.Fail(String code, String reason) -> run.fail(batch, node, code, reason);
            case Verdict.Ask(String reason) -> run.ask(batch, node, Question.APPROVE_MORE, reason);
            case Verdict.Run _ -> throw new IllegalStateException("a node that is to run goes on");
        }
        if (graph().planned(node).action() == Action.UNDO
                && !graph().planned(node).isRollback()
                && graph().state(node) == NodeState.SKIPPED) {
            run.results().drop(batch, graph().planned(node).undone());
        }
    }

    /// What is to become of the node as things are now.
    Verdict verdict(int node, boolean approved) {
        PlannedNode planned = graph().planned(node);
        Optional<Machine> machine = run.members().host(planned).map(host -> host.machine);
        if (planned.action() == Action.UNDO) {
            return undo(planned, machine);
        }
        StepWork work = run.plan().work(planned.key());
        return engine.decision.decide(
                planned,
                work,
                run.world(),
                recorded(work),
                machine,
                new StepDecision.Progress(
                        graph().record(node).attempt(),
                        approved,
                        checked.contains(node),
                        run.results().incarnation(planned)));
    }

    /// What counts of what is recorded: of a step that runs after a failure nothing does.
    private Optional<StepResult> recorded(StepWork work) {
        return work.handles() ? Optional.empty() : run.results().find(work.key());
    }

    private Verdict undo(PlannedNode planned, Optional<Machine> machine) {
        if (planned.isRollback()) {
            Optional<Verdict> objection = run.rollbacks().objection(planned);
            if (objection.isPresent()) {
                return objection.get();
            }
        }
        Optional<StepResult> recorded = run.results().find(planned.undone());
        if (recorded.isEmpty()) {
            return new Verdict.Skip("there is no result of it any more");
        }
        if (machine.isEmpty() || machine.get().state() == Machine.State.GONE) {
            return new Verdict.Skip("the machine is gone");
        }
        Optional<Verdict> moved =
                StepDecision.moved(planned, run.results().incarnation(planned), machine);
        if (moved.isPresent()) {
            return moved.get();
        }
        try {
            LoadedModule module = run.plan().module(recorded.get().module().digest());
            return ((Task) module.module()).undo().isEmpty()
                    ? new Verdict.Skip("it has nothing to undo")
                    : new Verdict.Run(module, recorded.get().inputs(), JobRecord.Mode.UNDO);
        } catch (ProblemException e) {
            return new Verdict.Fail(e.code(), Words.of(e.problems()));
        }
    }

    /// The rule that holds when an attempt was lost.
    static Repeat repeat(Task task, Action action) {
        if (task.repeat() != Repeat.VERIFY_FIRST) {
            return task.repeat();
        }
        if (action == Action.UNDO) {
            // Its `check` says nothing of what is undone.
            boolean twice =
                    task.runner().equals(HttpCall.RUNNER)
                            && task.undo().filter(HttpCall::mayDoItTwice).isPresent();
            return twice ? Repeat.AT_MOST_ONCE : Repeat.IDEMPOTENT;
        }
        return task.check().isPresent() ? Repeat.VERIFY_FIRST : Repeat.AT_MOST_ONCE;
    }

    Optional<Step.Retry> retry(PlannedNode planned) {
        return planned.action() == Action.STEP
                ? run.plan().work(planned.key()).retry()
                : Optional.empty();
    }

    void runsThoughChecked(int node) {
        checked.add(node);
    }

    /// Lines the node up for its machine.
    void enqueue(Batch batch, int node) {
        if (othersMayHaveGoneOn(graph().record(node)) && mustNotHappenTwice(node)) {
            run.ask(batch, node, Question.DID_IT_HAPPEN, AFTER_BACKUP);
            return;
        }
        if (run.paused()) {
            run.pace().park(batch, node);
            return;
        }
        if (run.limits().refuses(batch, node)) {
            return;
        }
        Optional<Host> found = run.members().host(graph().planned(node));
        if (found.isEmpty()) {
            run.fail(batch, node, "machine.unknown", "its machine is no longer there (plan again)");
            return;
        }
        Host host = found.get();
        if (host.machine.state() == Machine.State.GONE) {
            run.fail(batch, node, "machine.gone", host.waiting(false) + " (plan again)");
            return;
        }
        try {
            join(batch, node, host);
        } catch (ProblemException e) {
            run.fail(batch, node, e.code(), Words.of(e.problems()));
        }
    }

    private void join(Batch batch, int node, Host host) {
        NodeRecord record = graph().record(node);
        Place place = new Place(record.place().map(Place::since).orElse(batch.now()), mutex(node));
        NodeRecord inLine = record.inLine(NodeState.WAITING, "", place);
        run.put(batch, node, inLine);
        Waiting waiting = waiting(node, host, inLine, batch.now());
        if (engine.lines.join(batch, waiting)) {
            ready(batch, node);
            batch.effect(new Effect.WakeAgent(host.machine.id()));
        } else {
            String why = engine.lines.why(waiting);
            notReady(
                    batch,
                    node,
                    why.isEmpty() ? host.machine.name() + " has others to serve first" : why);
        }
    }

    private Optional<Mutex> mutex(int node) {
        if (graph().planned(node).action() != Action.STEP) {
            return Optional.empty();
        }
        return switch (work(node).mutex(run.world())) {
            case Resolution.Known<Optional<Mutex>>(Optional<Mutex> mutex) -> mutex;
            case Resolution.Unknown<Optional<Mutex>>(var causes) ->
                    throw ProblemException.of(
                            "step.inputs-unknown",
                            "the name of its mutex reads what is not known: " + causes,
                            null);
        };
    }

    /// The node as it waits, or waited, for its machine.
    ///
    /// @param since where its record does not say
    Waiting waiting(int node, Host host, NodeRecord record, Instant since) {
        boolean step = graph().planned(node).action() == Action.STEP;
        return new Waiting(
                run.record().terms().priority(),
                record.place().map(Place::since).orElse(since),
                run.ref(node),
                host,
                step && work(node).parallel(),
                record.place().flatMap(Place::mutex));
    }

    void leaveLine(Batch batch, int node) {
        run.members()
                .host(graph().planned(node))
                .ifPresent(host -> engine.lines.leave(batch, host, run.ref(node)));
    }

    /// What the node waited for is there.
    void ready(Batch batch, int node) {
        NodeRecord record = graph().record(node);
        if (record.state() == NodeState.WAITING) {
            record.place()
                    .ifPresent(place ->
                            run.put(batch, node, record.inLine(NodeState.READY, "", place)));
        }
    }

    /// The machine can't serve the node for now.
    void notReady(Batch batch, int node, String reason) {
        NodeRecord record = graph().record(node);
        boolean news = record.state() != NodeState.WAITING || !record.reason().equals(reason);
        if (news) {
            record.place()
                    .ifPresent(place ->
                            run.put(batch, node, record.inLine(NodeState.WAITING, reason, place)));
        }
    }

    /// Makes the job that the machine's agent is about to get.
    ///
    /// @return false where the node ends without
    boolean handOut(Batch batch, Waiting waiting) {
        Host host = waiting.host();
        int node = waiting.node().node();
        PlannedNode planned = graph().planned(node);
        Verdict verdict = verdict(node, true);
        if (!(verdict instanceof Verdict.Run(LoadedModule module, Value.Struct inputs, var mode))) {
            end(batch, node, verdict);
            return false;
        }
        checked.remove(node);
        Task task = (Task) module.module();
        boolean undo = mode == JobRecord.Mode.UNDO;
        if (undo) {
            // Should it come to no good end, nobody knows how much of the step is left.
            run.results()
                    .find(planned.undone())
                    .filter(result -> !result.tainted())
                    .ifPresent(result -> run.results().put(batch, result.withTaint()));
        }
        Script script = undo ? task.undo().orElseThrow() : task.run();
        JobId id = engine.parts.identifiers().job();
        engine.tapes.named(id.value());
        NodeRecord next =
                graph().record(node)
                        .above(engine.epoch.floor())
                        .attempting(
                                Optional.of(id),
                                "offered to the agent of " + host.machine.name(),
                                batch.now());
        JobRecord job =
                new JobRecord(
                        id,
                        run.record().id(),
                        run.record().cluster(),
                        planned.key(),
                        host.machine.id(),
                        next.token(),
                        next.attempt(),
                        1,
                        mode,
                        lock(planned, module),
                        task.runner(),
                        Optional.of(script),
                        mode == JobRecord.Mode.CHECK_THEN_RUN ? task.check() : Optional.empty(),
                        inputs,
                        timeout(planned, task),
                        JobRecord.State.OFFERED,
                        batch.now(),
                        Optional.empty());
        run.put(batch, node, next);
        engine.jobs.create(batch, waiting, task, job);
        return true;
    }

    private LoadedModule.Lock lock(PlannedNode planned, LoadedModule module) {
        if (planned.action() == Action.UNDO) {
            return run.results().find(planned.undone()).orElseThrow().module();
        }
        return planned.module().orElseGet(module::lock);
    }

    private Duration timeout(PlannedNode planned, Task task) {
        return planned.action() == Action.STEP
                ? run.plan().work(planned.key()).timeout()
                : task.timeout();
    }

    StepWork work(int node) {
        return run.plan().work(graph().planned(node).key());
    }

    void recover(Batch batch, int node) {
        OpenJob job = engine.jobs.of(run.ref(node));
        if (graph().state(node) != NodeState.RUNNING) {
            enqueue(batch, node);
        } else if (job == null) {
            run.fail(batch, node, "job.unknown", "its job is not recorded");
        } else if (isOutdated(job.record.token())) {
            run.losses().outdated(batch, job);
        }
    }

    private boolean mustNotHappenTwice(int node) {
        return verdict(node, true) instanceof Verdict.Run(LoadedModule module, _, _)
                && repeat((Task) module.module(), graph().planned(node).action())
                        == Repeat.AT_MOST_ONCE;
    }

    /// @param now without a grace
    void cancel(Batch batch, int node, boolean now) {
        OpenJob job = engine.jobs.of(run.ref(node));
        if (job == null) {
            leaveLine(batch, node);
            run.end(batch, node, NodeState.CANCELLED, "the run was cancelled");
        } else if (job.state() == JobRecord.State.REBOOTING) {
            engine.close(batch, job, false);
            run.put(
                    batch,
                    node,
                    graph().record(node)
                            .fenced()
                            .ended(
                                    NodeState.CANCELLED,
                                    "the run was cancelled while the machine rebooted",
                                    batch.now()));
        } else {
            engine.jobs.cancel(batch, job, now);
            run.put(batch, node, graph().record(node).to(NodeState.RUNNING, "being cancelled"));
        }
    }
}
