package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one writer. While it waits for the disk, commits queue up; then it takes them all, writes
/// them in one transaction and forces them to the disk once. So the more is asked of it the more it
/// does per write to the disk, and a commit that comes alone waits for nobody.
///
/// Owns two threads: the writer, and one that completes futures, so that what is done on completion
/// never holds up the writer. Thread-safe.
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /// What one transaction takes on at most: it is in memory until it is written.
    private static final int WEIGHT = 16_384;

    private final Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Queue<Pending> queue = new ArrayDeque<>();
    private final ExecutorService acknowledging =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("store-acknowledge").daemon().factory());
    private final Thread writer;

    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private boolean closing;
    private @Nullable Problem failure;

    GroupCommit(Target target) {
        this.target = target;
        this.writer = Thread.ofPlatform().name("store-writer").daemon().start(this::write);
    }

    /// Where groups go. Called by the writer's thread only, but for [#isCertain].
    interface Target {
        /// Whether it is out of question that this process may write: who stores nothing need not
        /// ask.
        boolean isCertain();

        /// Stores all of `writes` or none; returns when they would survive a power loss. Where
        /// there are none, it makes sure that this process may write.
        void write(List<Write> writes) throws SQLException;

        /// Wins back a little space after a write, if it is worth it.
        void compact() throws SQLException;

        /// How long there may be nothing to write before [#tidy] is called all the same.
        Duration patience();

        /// Does a little that can wait, if there is something.
        ///
        /// @return whether there is more
        boolean tidy() throws SQLException;

        ProblemException failure(Throwable cause);
    }

    private record Pending(List<Write> writes, int weight, CompletableFuture<Void> done) {}

    CompletableFuture<Void> add(List<Write> writes) {
        int weight = writes.stream().mapToInt(Write::weight).sum();
        Pending pending = new Pending(writes, weight, new CompletableFuture<>());
        lock.lock();
        try {
            if (failure != null) {
                return CompletableFuture.failedFuture(StoreFailure.afterwards(failure));
            }
            if (closing) {
                return CompletableFuture.failedFuture(StoreFailure.closed());
            }
            if (writes.isEmpty() && target.isCertain()) {
                return last.copy();
            }
            queue.add(pending);
            last = pending.done();
            work.signal();
        } finally {
            lock.unlock();
        }
        return pending.done();
    }

    /// Refuses all further commits: one could not be encoded, and those after it may build on it.
    void fail(ProblemException problem) {
        lock.lock();
        try {
            if (failure == null) {
                failure = problem.problems().getFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Why no further commit is accepted, if none is.
    Optional<Problem> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Writes what was accepted, and returns when all of it is acknowledged.
    ///
    /// @return whether no write failed
    boolean close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        Uninterrupted.join(writer);
        acknowledging.close();
        lock.lock();
        try {
            return failure == null;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        boolean idle = true;
        boolean written = false;
        while (true) {
            List<Pending> group;
            try {
                if (written) {
                    target.compact();
                    written = false;
                }
                group = next(idle);
                if (group == null) {
                    return;
                }
                if (group.isEmpty()) {
                    idle = !target.tidy();
                    continue;
                }
            } catch (SQLException | RuntimeException | Error e) {
                refuse(List.of(), e);
                return;
            }
            try {
                target.write(group.stream().flatMap(each -> each.writes().stream()).toList());
                idle = false;
                written = true;
            } catch (SQLException | RuntimeException | Error e) {
                refuse(group, e);
                return;
            }
            acknowledging.execute(() -> group.forEach(each -> each.done().complete(null)));
        }
    }

    /// The next group; an empty one when there is none and something is left to tidy, or nothing
    /// was to do for a while; null at the end.
    private @Nullable List<Pending> next(boolean idle) {
        lock.lock();
        try {
            long end = System.nanoTime() + target.patience().toNanos();
            long left = end - System.nanoTime();
            while (queue.isEmpty() && idle && !closing && left > 0) {
                try {
                    left = work.awaitNanos(left);
                } catch (InterruptedException _) {
                    // Nobody has a reason to: what the writer has begun it ends.
                    left = end - System.nanoTime();
                }
            }
            List<Pending> group = new ArrayList<>();
            int weight = 0;
            while (!queue.isEmpty()
                    && (group.isEmpty() || weight + queue.peek().weight() <= WEIGHT)) {
                Pending pending = queue.remove();
                weight += pending.weight();
                group.add(pending);
            }
            return group.isEmpty() && closing ? null : group;
        } finally {
            lock.unlock();
        }
    }

    private void refuse(List<Pending> group, Throwable cause) {
        ProblemException problem = target.failure(cause);
        LOG.error(
                "No more is written until the store is opened anew: {}",
                problem.getMessage(),
                cause);
        List<Pending> waiting;
        lock.lock();
        try {
            failure = failure == null ? problem.problems().getFirst() : failure;
            waiting = new ArrayList<>(queue);
            queue.clear();
        } finally {
            lock.unlock();
        }
        acknowledging.execute(() -> {
            group.forEach(each -> each.done().completeExceptionally(problem));
            waiting.forEach(each ->
                    each.done()
                            .completeExceptionally(
                                    StoreFailure.afterwards(problem.problems().getFirst())));
        });
    }
}
