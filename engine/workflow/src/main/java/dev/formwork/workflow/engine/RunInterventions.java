package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.tape.Told;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// How people interfere with the pace of a run: cancel, pause, resume.
final class RunInterventions {
    private final EngineState engine;

    RunInterventions(EngineState engine) {
        this.engine = engine;
    }

    Reply cancel(Batch batch, Input.Cancel cancel) {
        RunCore run = engine.runs.get(cancel.run());
        if (run == null) {
            return RunCommands.notOpen(cancel.run());
        }
        engine.tapes.tell(
                batch,
                run,
                new Told.Cancelled(cancel.now(), cancel.by()),
                () -> {
                    batch.audit(
                            "run.cancel",
                            Optional.of(cancel.run()),
                            run.record().cluster(),
                            cancel.by());
                    run.pace().cancel(batch, "cancelled by " + cancel.by(), cancel.now());
                    run.proceed(batch);
                });
        return new Reply.Done();
    }

    Reply pause(Batch batch, Input.Pause pause) {
        RunCore run = engine.runs.get(pause.run());
        Optional<Problem> objection = objection(run, pause);
        if (run == null || objection.isPresent()) {
            return new Reply.Refused(objection.orElseThrow());
        }
        engine.tapes.tell(
                batch,
                run,
                new Told.Paused(pause.reason(), pause.by()),
                () -> {
                    batch.audit(
                            "run.pause",
                            Optional.of(pause.run()),
                            run.record().cluster(),
                            pause.by(),
                            pause.reason());
                    run.pace().pause(batch, RunPace.paused(pause.by(), pause.reason()));
                    run.proceed(batch);
                });
        return new Reply.Done();
    }

    Reply resume(Batch batch, Input.Resume resume) {
        RunCore run = engine.runs.get(resume.run());
        Optional<Problem> objection = objection(run, resume);
        if (run == null || objection.isPresent()) {
            return new Reply.Refused(objection.orElseThrow());
        }
        if (run.paused()) {
            engine.tapes.tell(
                    batch,
                    run,
                    new Told.Resumed(resume.by()),
                    () -> {
                        batch.audit(
                                "run.resume",
                                Optional.of(resume.run()),
                                run.record().cluster(),
                                resume.by());
                        run.pace().resume(batch);
                        run.proceed(batch);
                    });
        }
        return new Reply.Done();
    }

    private static Optional<Problem> objection(@Nullable RunCore run, Input.OfRun command) {
        if (run == null) {
            return Optional.of(RunCommands.notOpen(command.run()).problem());
        }
        return run.cancelling()
                ? Optional.of(
                        Problem.of(
                                "run.cancelling", "the run is being cancelled", "wait for its end"))
                : Optional.empty();
    }

    /// Has a node count as skipped that failed or waits.
    ///
    /// @param run open again, if it had ended
    static Optional<Problem> mayNotSkip(RunCore run, int node) {
        NodeState state = run.graph().state(node);
        Action action = run.graph().planned(node).action();
        boolean step = action == Action.STEP || action == Action.UNDO;
        boolean stands =
                switch (state) {
                    case FAILED, CANCELLED, WAITING, READY -> true;
                    case BLOCKED, RUNNING, SUCCEEDED, UNCHANGED, SKIPPED -> false;
                };
        return step && stands
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                "node.not-skippable",
                                run.graph().record(node).key()
                                        + (step
                                                ? " is " + state.word()
                                                : " is no step of a workflow"),
                                "a step can be skipped that failed or waits"));
    }

    static void skip(Batch batch, RunCore run, int node, Input.Skip skip) {
        String why =
                "skipped by "
                        + skip.by()
                        + (skip.reason().isEmpty() ? "" : ": " + Names.abbreviate(skip.reason()));
        run.skip(batch, node, why);
        batch.audit(
                "node.skipped",
                Optional.of(skip.run()),
                skip.node().toString(),
                skip.by(),
                skip.reason());
    }
}
