package dev.formwork.agent.job;

import dev.formwork.agent.journal.JournalEntry;
import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.journal.JournalEntry.Over;
import dev.formwork.agent.protocol.Cancel;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.RunningJob;
import dev.formwork.agent.protocol.Started;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.PollAnswer.UnreadableJob;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The jobs of this machine: which are held, which are over, and which of those that are offered is
/// to start. Thread-safe.
public final class Jobs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
    private static final int MANY_OVER = 2_000;
    private static final Duration REMEMBERED = Duration.ofHours(24);
    private static final Duration BETWEEN_TRIES_TO_GO_DOWN = Duration.ofSeconds(30);
    private static final Duration TIME_TO_GO_DOWN = Duration.ofMinutes(10);

    private final Workplace workplace;
    private final Machine machine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<JobRun> live = new ArrayList<>();
    private final Map<JobId, Over> over = new HashMap<>();
    private final Set<JobId> forgetting = new HashSet<>();
    private boolean goingDown;
    private boolean closed;

    public Jobs(Workplace workplace, Machine machine) {
        this.workplace = workplace;
        this.machine = machine;
    }

    /// Takes up what the journal holds. To be called once, before the first offer.
    public void recover() throws IOException {
        List<JournalEntry> entries = workplace.journal().read();
        Set<String> wanted;
        lock.lock();
        try {
            for (JournalEntry entry : entries) {
                switch (entry) {
                    case Held held -> begin(recovered(held));
                    case Over done -> {
                        over.put(done.id(), done);
                        if (done.outcome() != null && isDueToGoDown(done)) {
                            goDown(done.outcome());
                        }
                    }
                }
            }
            wanted = wantedFolders();
        } finally {
            lock.unlock();
        }
        workplace.site().deleteOthers(workplace.jobs(), wanted);
    }

    /// Leaves all jobs to themselves: what is known of them is in the journal, for whoever comes
    /// next.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            live.forEach(JobRun::abandon);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What the engine is to hear in the next poll.
    public List<RunningJob> running() {
        lock.lock();
        try {
            return live.stream()
                    .filter(run -> run.isJournaled() && run.isWanted())
                    .map(run -> new RunningJob(run.job().id(), run.job().token()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// Takes a job, unless it was taken before.
    ///
    /// @return whether it was new
    public boolean offer(Job job) {
        lock.lock();
        try {
            for (JobRun run : live) {
                if (run.job().id().equals(job.id()) && run.job().token() >= job.token()) {
                    if (isSamePhase(run.job(), job)) {
                        run.announceAgain();
                    }
                    return false;
                }
            }
            Over done = over.get(job.id());
            if (done != null && done.covers(job.token(), job.phase())) {
                announceOnce(workplace.engine(), job.id(), new Started(job.token(), job.phase()));
                return false;
            }
            if (goingDown
                    || live.stream().anyMatch(JobRun::isEndOfBoot)
                    || forgetting.contains(job.id())
                    || (done != null && isDueToGoDown(done))) {
                return false;
            }
            List<JobRun> older = live.stream().filter(run -> isOlder(run.job(), job)).toList();
            older.forEach(JobRun::supersede);
            begin(JobRun.offered(job, older, workplace, machine));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends a job.
    ///
    /// @return whether that was news
    public boolean cancel(Cancel cancel) {
        lock.lock();
        try {
            boolean news = false;
            for (JobRun run : live) {
                if (run.job().id().equals(cancel.job()) && run.job().token() == cancel.token()) {
                    news |= run.cancel(Duration.ofSeconds(cancel.graceSeconds()));
                }
            }
            return news;
        } finally {
            lock.unlock();
        }
    }

    /// Answers a job that this version of the agent can't read.
    public void refuse(UnreadableJob job) {
        Report report =
                new Report(
                        job.token(),
                        job.phase(),
                        Outcome.FAILED,
                        null,
                        "agent.job-invalid",
                        job.reason(),
                        Map.of(),
                        0,
                        workplace.bootId());
        once("refused-" + job.job(), () -> workplace.engine().result(job.job(), report));
    }

    /// Says once that a job was started, in a thread of its own: the next poll offers it again if
    /// that got lost.
    static void announceOnce(Engine engine, JobId job, Started started) {
        once("started-" + job, () -> engine.started(job, started));
    }

    /// One call to the engine.
    private interface Call {
        void make() throws IOException;
    }

    private static void once(String name, Call call) {
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        call.make();
                    } catch (IOException e) {
                        LOG.log(Level.DEBUG, "{0}: {1}", name, e.getMessage());
                    }
                });
    }

    private JobRun recovered(Held held) {
        LOG.log(Level.INFO, "job {0}: found in the journal", held.id());
        return JobRun.recovered(held, workplace, machine);
    }

    private void begin(JobRun run) {
        live.add(run);
        run.start(this::ended);
    }

    private void ended(JobRun run, @Nullable Outcome outcome) {
        Over done =
                new Over(
                        run.job().id(),
                        run.job().token(),
                        run.job().phase(),
                        outcome,
                        workplace.bootId(),
                        workplace.clock().instant());
        lock.lock();
        try {
            if (closed) {
                live.remove(run);
                return;
            }
            over.put(done.id(), done);
        } finally {
            lock.unlock();
        }
        // Not under the lock: the journal may be far away. A later attempt waits for this.
        write(done);
        List<JobId> old;
        lock.lock();
        try {
            live.remove(run);
            old = oldest();
            if (outcome != null && outcome.endsTheBoot()) {
                goDown(outcome);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        forget(old);
        clean(run.folder(), outcome);
    }

    private void write(Over done) {
        try {
            workplace.journal().write(done);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "job {0}: {1}", done.id(), e.getMessage());
            try {
                // What stays there must not be taken for a job that runs.
                workplace.journal().forget(done.id());
            } catch (IOException again) {
                LOG.log(Level.ERROR, "job {0}: {1}", done.id(), again.getMessage());
            }
        }
    }

    private void clean(JobFolder folder, @Nullable Outcome outcome) {
        try {
            if (outcome == Outcome.REBOOT || outcome == Outcome.INCOMPLETE) {
                workplace.site().deletePhase(folder);
            } else {
                workplace.site().delete(folder);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a job''s folder stays: {0}", e.getMessage());
        }
    }

    private Set<String> wantedFolders() {
        Set<String> wanted = new HashSet<>();
        live.forEach(run -> wanted.add(JobFolder.name(run.job().id(), run.job().token())));
        over.values().stream()
                .filter(done -> done.outcome() != null && done.outcome().endsTheBoot())
                .forEach(done -> wanted.add(JobFolder.name(done.id(), done.token())));
        return wanted;
    }

    /// Those that need not be known any more, marked as being forgotten.
    private List<JobId> oldest() {
        if (over.size() <= MANY_OVER) {
            return List.of();
        }
        Instant since = workplace.clock().instant().minus(REMEMBERED);
        List<JobId> old =
                over.values().stream()
                        .filter(done ->
                                done.at().isBefore(since) && !forgetting.contains(done.id()))
                        .map(Over::id)
                        .toList();
        forgetting.addAll(old);
        return old;
    }

    private void forget(List<JobId> old) {
        for (JobId id : old) {
            try {
                workplace.journal().forget(id);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "{0}", e.getMessage());
            }
        }
        lock.lock();
        try {
            old.forEach(over::remove);
            forgetting.removeAll(Set.copyOf(old));
        } finally {
            lock.unlock();
        }
    }

    private boolean isDueToGoDown(Over done) {
        return done.outcome() != null
                && done.outcome().endsTheBoot()
                && done.bootId().equals(workplace.bootId());
    }

    /// Takes the machine down when its other jobs are over; until then no job starts.
    private void goDown(Outcome outcome) {
        if (goingDown) {
            return;
        }
        goingDown = true;
        Thread.ofVirtual()
                .name("power")
                .start(() -> {
                    try {
                        takeDown(outcome);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void takeDown(Outcome outcome) throws InterruptedException {
        lock.lock();
        try {
            while (!live.isEmpty() && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        while (!isClosed()) {
            boolean soon = workplace.power().down(outcome);
            Duration wait = soon ? TIME_TO_GO_DOWN : BETWEEN_TRIES_TO_GO_DOWN;
            lock.lock();
            try {
                long nanos = wait.toNanos();
                while (nanos > 0 && !closed) {
                    nanos = changed.awaitNanos(nanos);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isSamePhase(Job held, Job offered) {
        return held.token() == offered.token() && held.phase() == offered.phase();
    }

    /// An older attempt at the same thing.
    private static boolean isOlder(Job held, Job offered) {
        boolean sameStep =
                Objects.equals(held.cluster(), offered.cluster())
                        && (held.cluster() != null || held.run().equals(offered.run()))
                        && held.step().equals(offered.step())
                        && Objects.equals(held.item(), offered.item());
        return held.token() < offered.token() && (sameStep || held.id().equals(offered.id()));
    }
}
