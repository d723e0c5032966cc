package dev.formwork.agent.job;

import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;
import dev.formwork.agent.transport.EngineRefusalException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/// The life of one phase of a job on this machine, from the offer to the acknowledged result, in a
/// thread of its own. Whatever happens in it, the thread ends with a report that is acknowledged,
/// or one that nobody wants; only the end of the agent cuts it short, and then the journal has what
/// the next agent needs.
final class JobRun {
    private static final System.Logger LOG = System.getLogger(JobRun.class.getName());

    private final Held entry;
    private final List<JobRun> predecessors;
    private final Workplace workplace;
    private final JobFolder folder;
    private final Execution execution;
    private final Signal signal = new Signal();
    private final StopRequest stop;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean journaled;
    private volatile boolean endsBoot;
    private @Nullable Thread thread;

    private JobRun(
            Held entry,
            boolean recovered,
            List<JobRun> predecessors,
            Workplace workplace,
            Machine machine) {
        this.entry = entry;
        this.journaled = recovered;
        this.predecessors = List.copyOf(predecessors);
        this.workplace = workplace;
        this.folder = JobFolder.of(workplace.jobs(), entry.job());
        this.stop = new StopRequest(signal, Duration.ofSeconds(entry.job().graceSeconds()));
        this.execution = new Execution(entry, folder, workplace, machine, stop, signal);
    }

    /// A job that was just offered.
    ///
    /// @param predecessors whose processes have to be gone first
    static JobRun offered(
            Job job, List<JobRun> predecessors, Workplace workplace, Machine machine) {
        Held entry = new Held(job, workplace.bootId(), null, null);
        return new JobRun(entry, false, predecessors, workplace, machine);
    }

    /// A job that the journal holds.
    static JobRun recovered(Held entry, Workplace workplace, Machine machine) {
        return new JobRun(entry, true, List.of(), workplace, machine);
    }

    Job job() {
        return entry.job();
    }

    JobFolder folder() {
        return folder;
    }

    /// Whether the engine is to hear that the agent holds the job.
    boolean isJournaled() {
        return journaled;
    }

    /// Whether its script may be running, or its report matters.
    boolean isWanted() {
        return !stop.isReportUnwanted();
    }

    /// Whether the machine goes down as soon as the engine has the report: it may answer with the
    /// next job before we know that it has it.
    boolean isEndOfBoot() {
        return endsBoot;
    }

    /// Starts the thread.
    ///
    /// @param onOver told, in that thread, with the outcome that was acknowledged, or null
    void start(BiConsumer<JobRun, @Nullable Outcome> onOver) {
        thread = Thread.ofVirtual().name("job-" + job().id()).unstarted(() -> live(onOver));
        thread.start();
    }

    /// Nobody watches it from now on; it goes on.
    void abandon() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// The engine wants the end of the job.
    ///
    /// @return whether that was news
    boolean cancel(Duration grace) {
        return stop.ask(StopReason.CANCELLED, grace);
    }

    /// A newer attempt is here.
    void supersede() {
        stop.ask(StopReason.SUPERSEDED);
    }

    /// The engine offers what the agent holds already: it has not heard that the job was started.
    void announceAgain() {
        if (execution.isAnnounced()) {
            Jobs.announceOnce(
                    workplace.engine(), job().id(), new Started(job().token(), job().phase()));
        }
    }

    private void live(BiConsumer<JobRun, @Nullable Outcome> onOver) {
        Outcome acknowledged = null;
        try {
            acknowledged = perform();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "job " + job().id() + ": the agent has a fault", e);
        } finally {
            close();
            try {
                onOver.accept(this, acknowledged);
            } finally {
                // Now that this one is over in the journal, a later one may enter itself there.
                over.countDown();
            }
        }
    }

    private @Nullable Outcome perform() throws InterruptedException {
        for (JobRun predecessor : predecessors) {
            predecessor.over.await();
        }
        Report known = entry.report();
        Report report;
        if (known != null) {
            execution.reopenLog();
            report = known;
        } else {
            report = journaled || accept() ? execution.report() : notAccepted();
        }
        if (report == null || stop.isReportUnwanted()) {
            return null;
        }
        endsBoot = report.outcome().endsTheBoot();
        if (known == null) {
            remember(report);
        }
        return execution.awaitLog() ? deliver(report) : null;
    }

    /// Writes the job down before anything is done about it.
    private boolean accept() throws InterruptedException {
        try {
            workplace.journal().write(entry);
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "job {0}: not in the journal: {1}", job().id(), e.getMessage());
            return false;
        }
        journaled = true;
        LOG.log(
                Level.INFO,
                "job {0}: {1}, attempt {2}, phase {3}",
                job().id(),
                job().step(),
                job().attempt(),
                job().phase());
        return true;
    }

    private Report notAccepted() {
        return new Verdict(job(), workplace.bootId())
                .without(
                        Outcome.FAILED,
                        "agent.disk-full",
                        "the agent's journal can't be written; nothing was started",
                        0);
    }

    private void remember(Report report) {
        LOG.log(Level.INFO, "job {0}: {1}", job().id(), report);
        if (journaled) {
            try {
                workplace.journal().write(entry.ended(report));
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "job {0}: the result is not in the journal: {1}",
                        job().id(),
                        e.getMessage());
            }
        }
    }

    /// Sends the report until there is an answer to it.
    ///
    /// @return the outcome, or null where the engine no longer wanted it
    private @Nullable Outcome deliver(Report first) throws InterruptedException {
        Backoff backoff = workplace.contact().backoff();
        Report report = first;
        while (true) {
            Report sent = report;
            try {
                workplace
                        .contact()
                        .untilAnswered(
                                () -> {
                                    workplace.engine().result(job().id(), sent);
                                    return true;
                                },
                                signal,
                                stop::isReportUnwanted);
                return sent.outcome();
            } catch (EngineRefusalException e) {
                LOG.log(Level.WARNING, "job {0}: {1}", job().id(), e.getMessage());
                if (e.endsTheJob()) {
                    return null;
                }
                if (e.isAboutTheContent()) {
                    report = withoutContent(sent, e);
                }
                signal.await(backoff.next());
            } catch (UnwantedException e) {
                return null;
            } catch (IOException e) {
                throw new IllegalStateException("a result touches no file", e);
            }
        }
    }

    /// What the engine can't take must not keep the job from ending.
    private Report withoutContent(Report report, EngineRefusalException refusal) {
        return new Report(
                report.token(),
                report.phase(),
                Outcome.FAILED,
                report.exitCode(),
                "agent.report-refused",
                "the engine refused the report: " + refusal.getMessage(),
                Map.of(),
                report.logBytes(),
                report.bootId());
    }

    private void close() {
        try {
            execution.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "job {0}: {1}", job().id(), e.getMessage());
        }
    }
}
