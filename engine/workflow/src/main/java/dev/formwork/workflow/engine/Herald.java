package dev.formwork.workflow.engine;

import dev.formwork.workflow.tape.Told;

import java.util.Optional;

/// Tells runs what has happened, each thing in one way, and has it put down. What people ask for is
/// told by [RunCommands].
final class Herald {
    private final EngineState engine;

    Herald(EngineState engine) {
        this.engine = engine;
    }

    private Optional<RunCore> run(NodeRef node) {
        return Optional.ofNullable(engine.runs.get(node.run()));
    }

    private Optional<RunCore> run(OpenJob job) {
        return run(job.node);
    }

    private void tell(Batch batch, RunCore run, Told told, Runnable hears) {
        engine.tapes.tell(
                batch,
                run,
                told,
                () -> {
                    hears.run();
                    run.proceed(batch);
                });
    }

    /// Its turn has come: it gets a job, or ends without.
    void handOut(Batch batch, Waiting next) {
        Optional<RunCore> run = run(next.node());
        if (run.isEmpty()) {
            handOut(batch, next, false);
            return;
        }
        tell(
                batch,
                run.get(),
                new Told.HandedOut(run.get().key(next.node().node())),
                () -> handOut(batch, next, true));
    }

    private void handOut(Batch batch, Waiting next, boolean open) {
        next.mutex().ifPresent(mutex -> engine.lines.hold(next.node(), mutex));
        engine.lines.leave(batch, next.host(), next.node());
        boolean has = open && run(next.node()).orElseThrow().steps().handOut(batch, next);
        if (!has) {
            next.mutex().ifPresent(mutex -> engine.lines.release(batch, next.node(), mutex));
        }
        engine.lines.look(batch, next.host());
    }

    void started(Batch batch, OpenJob job) {
        run(job).ifPresent(run ->
                engine.tapes.tell(
                        batch,
                        run,
                        new Told.Started(job.record.key()),
                        () -> run.reports().started(batch, job)));
    }

    /// The machine calls from the boot that the job waited for.
    void rebooted(Batch batch, OpenJob job) {
        run(job).ifPresentOrElse(
                        run ->
                                engine.tapes.tell(
                                        batch,
                                        run,
                                        new Told.Rebooted(job.record.key()),
                                        () -> engine.jobs.rebooted(batch, job)),
                        () -> engine.jobs.rebooted(batch, job));
    }

    Reply reported(Batch batch, OpenJob job, Input.Reported report) {
        Optional<RunCore> found = run(job);
        if (found.isEmpty()) {
            return Jobs.unknown(report.job());
        }
        RunCore run = found.get();
        return engine.tapes.tell(
                batch,
                run,
                new Told.Reported(
                        job.record.key(),
                        report.outcome().word(),
                        report.outputs(),
                        report.exitCode(),
                        report.code(),
                        report.detail()),
                () -> {
                    Reply reply = run.reports().reported(batch, job, report);
                    run.proceed(batch);
                    return reply;
                });
    }

    void lost(Batch batch, OpenJob job) {
        run(job).ifPresent(run ->
                tell(
                        batch,
                        run,
                        new Told.Lost(job.record.key()),
                        () -> run.losses().lost(batch, job)));
    }

    void overdue(Batch batch, OpenJob job) {
        run(job).ifPresent(run ->
                tell(
                        batch,
                        run,
                        new Told.Overdue(job.record.key()),
                        () -> run.losses().overdue(batch, job)));
    }

    void woken(Batch batch, NodeRef node) {
        run(node)
                .ifPresent(run ->
                        tell(
                                batch,
                                run,
                                new Told.Woken(run.key(node.node())),
                                () -> run.wake(batch, node.node())));
    }

    void overdue(Batch batch, RunCore run) {
        tell(batch, run, new Told.RunOverdue(), () -> run.pace().overdue(batch));
    }

    /// It has its machines.
    void granted(Batch batch, RunCore run) {
        engine.tapes.tell(batch, run, new Told.Granted(), () -> run.pace().go(batch));
    }

    void recovered(Batch batch, RunCore run) {
        engine.tapes.tell(
                batch,
                run,
                new Told.Recovered(),
                true,
                () -> {
                    run.recover(batch);
                    run.proceed(batch);
                    return true;
                });
    }

    /// The machine is gone under a job.
    void goneUnder(Batch batch, OpenJob job) {
        run(job).ifPresentOrElse(
                        run ->
                                tell(
                                        batch,
                                        run,
                                        new Told.GoneUnder(job.record.key()),
                                        () -> run.losses().machineGone(batch, job)),
                        () -> engine.close(batch, job, false));
    }

    /// The machine is gone that a node waits for.
    void gone(Batch batch, Host host, NodeRef node) {
        Runnable leaves =
                () -> {
                    engine.lines.leave(batch, host, node);
                    host.boots.remove(node);
                };
        run(node)
                .ifPresentOrElse(
                        run ->
                                tell(
                                        batch,
                                        run,
                                        new Told.Gone(run.key(node.node())),
                                        () -> {
                                            leaves.run();
                                            run.machines().gone(batch, node.node());
                                        }),
                        leaves);
    }

    void booted(Batch batch, Host host, NodeRef node) {
        host.boots.remove(node);
        run(node)
                .ifPresent(run ->
                        tell(
                                batch,
                                run,
                                new Told.Booted(run.key(node.node())),
                                () -> run.machines().booted(batch, node.node())));
    }

    /// It has a machine of its pool.
    void allocated(Batch batch, RunCore run, int node) {
        tell(
                batch,
                run,
                new Told.Allocated(run.key(node)),
                () -> run.pooled().allocated(batch, node));
    }

    void made(Batch batch, NodeRef node) {
        run(node)
                .ifPresent(run ->
                        tell(
                                batch,
                                run,
                                new Told.Made(run.key(node.node())),
                                () -> run.machines().created(batch, node.node())));
    }

    void refused(Batch batch, Host host, NodeRef node, Input.InstanceFailed answer) {
        run(node)
                .ifPresent(run ->
                        tell(
                                batch,
                                run,
                                new Told.Refused(
                                        run.key(node.node()),
                                        answer.code(),
                                        answer.detail(),
                                        answer.retryable()),
                                () -> run.machines().failed(batch, host, node.node(), answer)));
    }

    void unmade(Batch batch, RunCore run, Host host, int node) {
        tell(
                batch,
                run,
                new Told.Unmade(run.key(node)),
                () -> run.machines().removed(batch, host, node));
    }
}
