package dev.formwork.agent.job;

import dev.formwork.agent.host.HostAnswerTooLongException;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.JobId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Watches the processes of one phase until none is left: moves the log, keeps the time limit, ends
/// what is to end. For one thread.
final class Supervision {
    private static final System.Logger LOG = System.getLogger(Supervision.class.getName());
    private static final Duration FIRST = Duration.ofMillis(5);
    private static final Duration BUSY = Duration.ofMillis(50);
    private static final Duration ENDING = Duration.ofMillis(20);

    private final JobId job;
    private final JobSession session;
    private final JobFolder folder;
    private final LogPump pump;
    private final StopRequest stop;
    private final Signal signal;
    private final Duration longest;
    private @Nullable Ending ending;
    private boolean timeIsOver;
    private boolean stopped;
    private boolean troubled;

    /// @param longest between two looks
    Supervision(
            JobId job,
            JobSession session,
            JobFolder folder,
            LogPump pump,
            StopRequest stop,
            Signal signal,
            Duration longest) {
        this.job = job;
        this.session = session;
        this.folder = folder;
        this.pump = pump;
        this.stop = stop;
        this.signal = signal;
        this.longest = longest;
    }

    /// Told before the first TERM, so that it can be written down why.
    interface OnStop {
        void stopping(StopReason reason);
    }

    /// Returns when the session is empty.
    ///
    /// @param left of the job's time; null for no limit
    /// @return how the script ended; empty where it was ended, or vanished
    ///
    /// @throws HostAnswerTooLongException where the host says more than any answer is long
    Optional<JobExit> watch(@Nullable Duration left, OnStop onStop)
            throws InterruptedException, HostAnswerTooLongException {
        long start = System.nanoTime();
        Duration quiet = FIRST;
        while (true) {
            boolean busy = false;
            try {
                session.look();
                busy = pump.pump();
            } catch (IOException e) {
                trouble(e);
            }
            if (left != null && System.nanoTime() - start > left.toNanos()) {
                timeIsOver = true;
            }
            try {
                if (isEmptyAfter(onStop)) {
                    return stopped ? Optional.empty() : JobExit.read(folder.exit());
                }
            } catch (IOException e) {
                trouble(e);
            }
            signal.await(ending != null ? ENDING : busy && quiet.equals(longest) ? BUSY : quiet);
            // Most steps are over soon, and the run waits for that; a long one can wait to be seen.
            Duration doubled = quiet.multipliedBy(2);
            quiet = doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    /// Such as too many open files: the job goes on, and so must the watch.
    private void trouble(IOException why) throws InterruptedException, HostAnswerTooLongException {
        if (why instanceof HostAnswerTooLongException hopeless) {
            throw hopeless;
        }
        if (why instanceof InterruptedIOException) {
            throw new InterruptedException(why.getMessage());
        }
        if (!troubled) {
            LOG.log(Level.WARNING, "job {0}: {1}; trying on", job, why.getMessage());
        }
        troubled = true;
    }

    private boolean isEmptyAfter(OnStop onStop) throws IOException {
        boolean leaderAlive = session.isLeaderAlive();
        boolean over = !leaderAlive || JobExit.read(folder.exit()).isPresent();
        if (over && session.members().isEmpty()) {
            return true;
        }
        if (!over && !stopped) {
            if (timeIsOver) {
                stop.ask(StopReason.TIMED_OUT);
            }
            Optional<StopReason> reason = stop.reason();
            stopped = reason.isPresent();
            reason.ifPresent(onStop::stopping);
        }
        if (ending == null && (over || stopped)) {
            ending = new Ending(stop.grace());
        }
        if (ending != null) {
            ending.within(stop.grace(), System.nanoTime());
        }
        return ending != null && !act(ending);
    }

    private boolean act(Ending now) throws IOException {
        return switch (now.next(System.nanoTime())) {
            case WAIT -> true;
            case TERM -> {
                session.signal(false);
                yield true;
            }
            case KILL -> {
                session.signal(true);
                yield true;
            }
            case GIVE_UP -> {
                LOG.log(
                        Level.ERROR,
                        "job {0}: processes that survive KILL are left alone: {1}",
                        job,
                        session.members());
                yield false;
            }
        };
    }
}
