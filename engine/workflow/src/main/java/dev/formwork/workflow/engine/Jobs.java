package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.Problem;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.JobRecord.State;
import dev.formwork.workflow.store.Change;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All jobs that are not closed: offered, started, given up, and fenced.
final class Jobs {
    /// Room beyond the quota for the lines with which the agent says that it cut the log, one for
    /// each phase.
    private static final int CLOSING_LINES = 4096;

    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private final EngineSettings settings;
    private final Timers timers;
    private final Map<JobId, OpenJob> open = new HashMap<>();
    private final Map<NodeRef, OpenJob> byNode = new HashMap<>();

    Jobs(EngineParts parts, Timers timers) {
        this.settings = parts.settings();
        this.timers = timers;
    }

    @Nullable OpenJob job(JobId id) {
        return open.get(id);
    }

    @Nullable OpenJob of(NodeRef node) {
        return byNode.get(node);
    }

    /// A job as it is stored, or a new one.
    OpenJob admit(Waiting waited, Task task, JobRecord record, Instant deadline) {
        Timers.Entry timer = timers.set(deadline, new Timers.Timer.Deadline(record.id()));
        OpenJob job = new OpenJob(waited, task, record, deadline, timer);
        job.offeredIn = job.host.machine.bootId();
        open.put(record.id(), job);
        byNode.put(job.node, job);
        job.host.jobs.put(record.id(), job);
        return job;
    }

    void create(Batch batch, Waiting waited, Task task, JobRecord record) {
        batch.job(record);
        admit(waited, task, record, deadline(record, waited.mutex(), batch.now()));
    }

    /// When the engine gives up on a job that is in its present state since `since`. Who has a
    /// mutex keeps it until its job is known to be over, or its agent has ended it by itself: a
    /// machine that is cut off knows nothing of a cancel.
    Instant deadline(JobRecord record, Optional<Mutex> mutex, Instant since) {
        return switch (record.state()) {
            case OFFERED ->
                    since.plus(settings.bootDeadline())
                            .plus(record.timeout())
                            .plus(settings.reportGrace());
            case STARTED -> ownEnd(record, since);
            case REBOOTING -> since.plus(settings.bootDeadline());
            case CANCELLING, KILLING, CLOSED -> {
                Instant soon = since.plus(grace(record)).plus(settings.reportGrace());
                Instant own = ownEnd(record, record.createdAt().plus(settings.bootDeadline()));
                yield mutex.isPresent() && own.isAfter(soon) ? own : soon;
            }
        };
    }

    /// When its agent has ended it in any case, and said so.
    private Instant ownEnd(JobRecord record, Instant since) {
        return record.startedAt()
                .orElse(since)
                .plus(record.timeout())
                .plus(settings.grace())
                .plus(settings.reportGrace());
    }

    private void change(Batch batch, OpenJob job, JobRecord record) {
        job.record = record;
        job.told = Optional.empty();
        job.missed = false;
        job.deadline = deadline(record, job.mutex, batch.now());
        timers.cancel(job.timer);
        job.timer = timers.set(job.deadline, new Timers.Timer.Deadline(job.id()));
        batch.job(record);
    }

    /// Whether the agent's word is the first that it started this phase.
    boolean started(Batch batch, OpenJob job) {
        if (job.state() != State.OFFERED) {
            return false;
        }
        change(batch, job, job.record.started(batch.now()));
        return true;
    }

    /// @param now without a grace
    void cancel(Batch batch, OpenJob job, boolean now) {
        State wanted = now ? State.KILLING : State.CANCELLING;
        if (job.state() != State.KILLING && job.state() != wanted) {
            change(batch, job, job.record.withState(wanted));
            batch.effect(new Effect.WakeAgent(job.host.machine.id()));
        }
    }

    void reboot(Batch batch, OpenJob job) {
        change(batch, job, job.record.rebooting());
    }

    /// What waited for another boot is offered in it.
    void rebooted(Batch batch, OpenJob job) {
        change(batch, job, job.record.withState(State.OFFERED));
        job.offeredIn = job.host.machine.bootId();
    }

    /// Ends a job. Where its report was not accepted, later messages about it are refused.
    void close(Batch batch, OpenJob job, boolean accepted) {
        JobRecord record = job.record.withState(State.CLOSED);
        job.record = record;
        batch.job(record);
        timers.cancel(job.timer);
        open.remove(job.id());
        byNode.remove(job.node, job);
        job.host.jobs.remove(job.id());
        job.host.remember(job.id(), new Host.Closed(job.node, record.token(), accepted));
    }

    /// Compares what the agent names with what the engine believes. What it was told it started,
    /// and what it names although its word that it started was lost, is `begun`; what is not named
    /// by two polls in a row is `lost`: one poll may have been on its way when the job was started.
    /// So is what was offered in an earlier boot, which may have started it and forgotten.
    record Comparison(List<OpenJob> begun, List<OpenJob> lost, boolean askAgain) {}

    Comparison compare(Host host, List<Input.Running> running) {
        Map<JobId, Long> named = new HashMap<>();
        running.forEach(job -> named.put(job.job(), job.token()));
        host.named = named;
        host.toldToEnd.keySet().retainAll(named.keySet());
        List<OpenJob> begun = new ArrayList<>();
        List<OpenJob> lost = new ArrayList<>();
        boolean askAgain = false;
        for (OpenJob job : host.jobs.values()) {
            boolean isNamed = named.containsKey(job.id());
            switch (job.state()) {
                case OFFERED -> {
                    if (isNamed && job.record.phase() == 1) {
                        begun.add(job);
                    } else if (!isNamed && !job.offeredIn.equals(host.machine.bootId())) {
                        lost.add(job);
                    }
                }
                case STARTED, CANCELLING, KILLING -> {
                    if (isNamed) {
                        job.missed = false;
                    } else if (job.missed) {
                        lost.add(job);
                    } else {
                        job.missed = true;
                        askAgain = true;
                    }
                }
                case REBOOTING, CLOSED -> {}
            }
        }
        return new Comparison(begun, lost, askAgain);
    }

    /// What the machine's agent is to be told now. It is worth an answer at once where the agent
    /// can't know it yet, or was told so long ago that the answer may have been lost.
    Reply.Polled answer(Instant now, Host host, boolean askAgain) {
        List<Reply.Offer> offers = new ArrayList<>();
        List<Reply.CancelOrder> cancel = new ArrayList<>();
        boolean news = askAgain || host.isToCall();
        for (OpenJob job : host.jobs.values()) {
            JobRecord record = job.record;
            switch (record.state()) {
                case OFFERED -> {
                    offers.add(
                            new Reply.Offer(
                                    record, job.task, settings.grace(), settings.logBytes()));
                    news |= isNews(now, job.told) || !host.named.containsKey(job.id());
                    job.told = Optional.of(now);
                }
                case CANCELLING, KILLING -> {
                    cancel.add(new Reply.CancelOrder(job.id(), record.token(), grace(record)));
                    news |= isNews(now, job.told);
                    job.told = Optional.of(now);
                }
                case STARTED, REBOOTING, CLOSED -> {}
            }
        }
        for (JobId stranger : host.strangers()) {
            cancel.add(
                    new Reply.CancelOrder(
                            stranger, host.named.getOrDefault(stranger, 0L), settings.grace()));
            news |= isNews(now, Optional.ofNullable(host.toldToEnd.put(stranger, now)));
        }
        return new Reply.Polled(offers, cancel, !news);
    }

    private Duration grace(JobRecord record) {
        return record.state() == State.KILLING ? Duration.ZERO : settings.grace();
    }

    private static boolean isNews(Instant now, Optional<Instant> told) {
        return told.filter(at -> at.plus(TELL_AGAIN).isAfter(now)).isEmpty();
    }

    Reply log(Batch batch, OpenJob job, Input.LogReceived piece) {
        ByteBuffer bytes = piece.bytes().duplicate();
        long length = job.logLength;
        if (piece.offset() < 0 || piece.offset() > length) {
            return new Reply.LogGap(length);
        }
        long known = Math.min(length - piece.offset(), bytes.remaining());
        bytes.position(bytes.position() + (int) known);
        int more = bytes.remaining();
        if (more > 0) {
            job.logLength += more;
            int kept = Math.clamp(settings.logBytes() + CLOSING_LINES - length, 0, more);
            if (kept > 0) {
                bytes.limit(bytes.position() + kept);
                batch.log(new Change.AppendLog(job.id(), length, bytes));
            }
        }
        return new Reply.Logged(job.logLength);
    }

    static Reply fenced(JobId job) {
        return new Reply.Refused(
                Problem.of(
                        "job.fenced",
                        "job " + job + " was given up, or a newer attempt has taken its place",
                        "drop it and end what is left of it"));
    }

    static Reply unknown(JobId job) {
        return new Reply.Refused(
                Problem.of("job.unknown", "this machine has no job " + job, "drop it"));
    }
}
