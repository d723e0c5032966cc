package dev.formwork.agent.job;

import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;
import dev.formwork.agent.transport.EngineRefusalException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Brings one phase from the journal to its report: starts its script, or finds the one that an
/// earlier process of the agent started, and watches it. For one thread, but for what says
/// otherwise.
final class Execution implements Closeable {
    private static final System.Logger LOG = System.getLogger(Execution.class.getName());
    private static final Duration CHECK_AGAIN = Duration.ofSeconds(1);
    private static final Duration KILL_AGAIN = Duration.ofMillis(50);

    private final Held entry;
    private final JobFolder folder;
    private final Workplace workplace;
    private final Machine machine;
    private final StopRequest stop;
    private final Signal signal;
    private final Verdict verdict;
    private volatile boolean announced;
    private @Nullable Outcome stopping;
    private @Nullable LogPump pump;
    private @Nullable LogSender sender;

    Execution(
            Held entry,
            JobFolder folder,
            Workplace workplace,
            Machine machine,
            StopRequest stop,
            Signal signal) {
        this.entry = entry;
        this.folder = folder;
        this.workplace = workplace;
        this.machine = machine;
        this.stop = stop;
        this.signal = signal;
        this.stopping = entry.stopping();
        this.verdict = new Verdict(entry.job(), workplace.bootId());
    }

    /// Whether the engine was told that the job starts, perhaps by an earlier process of the agent.
    /// Thread-safe.
    boolean isAnnounced() {
        return announced;
    }

    /// Does what is left to do, and says how it went.
    ///
    /// @return null where nobody wants to know
    @Nullable Report report() throws InterruptedException {
        Report report = tried();
        forbidWhatHasNotStarted();
        return report;
    }

    private @Nullable Report tried() throws InterruptedException {
        try {
            return execute();
        } catch (JobFailureException e) {
            return failure(e.code(), e.detail());
        } catch (ProtocolException e) {
            return failure(e.code(), e.detail());
        } catch (UnwantedException e) {
            return notStarted();
        } catch (EngineRefusalException e) {
            return e.endsTheJob() && !announced
                    ? null
                    : failure(
                            e.isNotFound() ? "agent.module-missing" : "agent.engine-refused",
                            message(e));
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            endWhatRuns();
            return failure(DiskFull.isCause(e) ? "agent.disk-full" : "agent.io", message(e));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "job " + job().id() + ": the agent has a fault", e);
            return fault(e);
        } finally {
            if (pump != null) {
                // Where the pump broke, what it has moved so far is the log.
                pump.spool().completeWhereItIs();
            }
        }
    }

    /// Opens the log of a phase whose report is known, to send what is left of it.
    void reopenLog() {
        if (!folder.exists()) {
            return;
        }
        try {
            openLog().finish();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "job {0}: the log is lost: {1}", job().id(), message(e));
        }
    }

    /// Waits until the engine has the log, or does not want it.
    ///
    /// @return false where nobody wants the report either
    boolean awaitLog() throws InterruptedException {
        while (sender != null && !sender.isDone() && !stop.isReportUnwanted()) {
            signal.await(CHECK_AGAIN);
        }
        return !stop.isReportUnwanted();
    }

    @Override
    public void close() throws IOException {
        if (sender != null) {
            sender.close();
        }
        if (pump != null) {
            pump.close();
        }
    }

    private @Nullable Report execute()
            throws IOException, JobFailureException, UnwantedException, InterruptedException {
        JobStart start = new JobStart(job(), folder, workplace);
        site().find(folder, job().id());
        Optional<ProcessStat> wrapper = folder.claimed();
        Optional<JobExit> exit = JobExit.read(folder.exit());
        boolean sameBoot = entry.bootId().equals(workplace.bootId());
        if (wrapper.isEmpty() && exit.isEmpty()) {
            if (!sameBoot) {
                return verdict.without(Outcome.INTERRUPTED, null, "the machine went down", 0);
            }
            announce();
            Path module = module();
            wrapper = Optional.of(start.start(module, machine, signal, stop::isAsked));
        }
        announced = true;
        LogPump log = openLog();
        if (wrapper.isPresent() && sameBoot) {
            exit = watch(wrapper.get(), log);
        } else if (wrapper.isPresent()) {
            endLeftOvers(wrapper.get());
        }
        site().collect(folder, job());
        log.finish();
        return conclude(exit, sameBoot, log);
    }

    private void announce() throws IOException, UnwantedException, InterruptedException {
        Started message = new Started(job().token(), job().phase());
        workplace
                .contact()
                .untilAnswered(
                        () -> {
                            workplace.engine().started(job().id(), message);
                            return true;
                        },
                        signal,
                        stop::isAsked);
        announced = true;
    }

    private Path module() throws IOException, UnwantedException, InterruptedException {
        return workplace
                .contact()
                .untilAnswered(
                        () -> workplace.modules().folder(job().module().digest()),
                        signal,
                        stop::isAsked);
    }

    private Optional<JobExit> watch(ProcessStat wrapper, LogPump log)
            throws IOException, InterruptedException {
        if (stopping == Outcome.CANCELLED) {
            stop.ask(StopReason.CANCELLED);
        } else if (stopping == Outcome.TIMED_OUT) {
            stop.ask(StopReason.TIMED_OUT);
        }
        JobSession session = site().session(folder, wrapper, job().id(), true);
        return new Supervision(job().id(), session, folder, log, stop, signal, site().quiet())
                .watch(timeLeft(), this::beginStop);
    }

    /// A fault of the agent's own: the engine is told, instead of finding out that a job was lost.
    private Report fault(Throwable why) throws InterruptedException {
        String detail = "the agent has a fault, which its log has whole: " + why;
        return endWhatRuns()
                ? verdict.without(Outcome.INTERRUPTED, "agent.fault", detail, logBytes())
                : failure("agent.fault", detail);
    }

    /// What was sent to start it may come late, and the engine is told soon that it did not run.
    private void forbidWhatHasNotStarted() throws InterruptedException {
        try {
            if (folder.claimed().isEmpty()) {
                site().forbid(folder, job().id());
                endWhatRuns();
            }
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "job {0}: {1}", job().id(), message(e));
        }
    }

    /// Nobody watches it from now on.
    ///
    /// @return whether anything was started, as far as can be known
    private boolean endWhatRuns() throws InterruptedException {
        try {
            Optional<ProcessStat> wrapper = folder.claimed();
            if (wrapper.isPresent()) {
                boolean sameBoot = entry.bootId().equals(workplace.bootId());
                end(site().session(folder, wrapper.get(), job().id(), sameBoot));
            }
            return wrapper.isPresent();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "job {0}: {1}", job().id(), message(e));
            return true;
        }
    }

    /// After a reboot there are none, unless what calls itself a machine is less than one.
    private void endLeftOvers(ProcessStat wrapper) throws IOException, InterruptedException {
        end(site().session(folder, wrapper, job().id(), false));
    }

    private void end(JobSession session) throws IOException, InterruptedException {
        Ending ending = new Ending(Duration.ZERO);
        session.look();
        while (!session.members().isEmpty()
                && ending.next(System.nanoTime()) != Ending.Step.GIVE_UP) {
            session.signal(true);
            signal.await(KILL_AGAIN);
            session.look();
        }
    }

    /// By the wall clock only for what went by before this process of the agent.
    private @Nullable Duration timeLeft() throws IOException {
        if (job().timeoutSeconds() == 0) {
            return null;
        }
        Duration gone =
                Duration.between(
                        Files.getLastModifiedTime(folder.claim()).toInstant(),
                        workplace.clock().instant());
        Duration whole = Duration.ofSeconds(job().timeoutSeconds());
        return gone.isNegative() ? whole : whole.minus(gone);
    }

    private void beginStop(StopReason reason) {
        LOG.log(Level.INFO, "job {0}: is ended: {1}", job().id(), reason);
        stopping = reason.outcome();
        if (stopping != null && stopping != entry.stopping()) {
            try {
                workplace.journal().write(entry.stopping(stopping));
            } catch (IOException e) {
                LOG.log(Level.WARNING, "job {0}: {1}", job().id(), message(e));
            }
        }
    }

    private @Nullable Report conclude(Optional<JobExit> exit, boolean sameBoot, LogPump log)
            throws IOException, JobFailureException {
        long logBytes = log.spool().length();
        if (stop.isReportUnwanted()) {
            return null;
        }
        if (stopping != null) {
            return verdict.without(stopping, null, null, logBytes);
        }
        if (exit.isPresent()) {
            return verdict.ended(exit.get(), folder, logBytes, log.sawDiskFull());
        }
        return verdict.without(
                Outcome.INTERRUPTED,
                null,
                sameBoot ? "its process vanished" : "the machine went down",
                logBytes);
    }

    private @Nullable Report notStarted() {
        return stop.reason()
                .map(StopReason::outcome)
                .map(outcome -> verdict.without(outcome, null, "it was not started", 0))
                .orElse(null);
    }

    private Report failure(String code, String detail) {
        return verdict.without(Outcome.FAILED, code, detail, logBytes());
    }

    /// Of what there is of the log.
    private long logBytes() {
        return pump == null ? 0 : pump.spool().length();
    }

    private LogPump openLog() throws IOException {
        long quota = job().limits().logBytes() - job().logOffset();
        LogPump log = LogPump.open(folder, SecretValues.masker(job()), quota);
        pump = log;
        sender =
                new LogSender(
                        job(),
                        log.spool(),
                        workplace.engine(),
                        workplace.contact(),
                        () -> stop.ask(StopReason.FENCED),
                        signal::raise);
        sender.start();
        return log;
    }

    private Job job() {
        return entry.job();
    }

    private JobSite site() {
        return workplace.site();
    }

    private static String message(IOException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
