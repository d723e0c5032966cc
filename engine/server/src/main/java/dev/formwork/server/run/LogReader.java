package dev.formwork.server.run;

import dev.formwork.model.JobId;
import dev.formwork.server.watch.Bell;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the logs of jobs, and waits for more of them. Thread-safe.
public final class LogReader {
    private final Store store;
    private final Bell bell;

    /// @param bell rings when a log grew or a job ended
    public LogReader(Store store, Bell bell) {
        this.store = store;
        this.bell = bell;
    }

    /// A piece of a log.
    ///
    /// @param next where to read on
    /// @param complete nothing follows, ever
    /// @param job whose log it is, if the node had a job
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(byte[] bytes, long next, boolean complete, Optional<JobId> job) {}

    /// @param attempt the last one if empty
    /// @param wait how long to wait for bytes where there are none
    Piece read(
            RunRecord run,
            RunReader.Shown shown,
            Optional<Integer> attempt,
            long offset,
            int limit,
            Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            CompletableFuture<Void> more = bell.next();
            Piece piece = readNow(run, shown, attempt, offset, limit);
            long left = deadline - System.nanoTime();
            if (piece.bytes().length > 0 || piece.complete() || left <= 0) {
                return piece;
            }
            try {
                await(more, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return piece;
            }
        }
    }

    private Piece readNow(
            RunRecord run,
            RunReader.Shown shown,
            Optional<Integer> attempt,
            long offset,
            int limit) {
        Optional<JobRecord> job = job(run, shown, attempt);
        if (job.isEmpty()) {
            boolean ended = store.run(run.id()).filter(each -> each.state().ended()).isPresent();
            return new Piece(
                    new byte[0], offset, ended || shown.node().state().ended(), Optional.empty());
        }
        // The state first: what was logged before the job was closed is seen.
        boolean closed = job.get().state() == JobRecord.State.CLOSED;
        byte[] bytes = store.log(job.get().id(), offset, limit);
        long next = offset + bytes.length;
        return new Piece(
                bytes,
                next,
                closed && next >= store.logLength(job.get().id()),
                Optional.of(job.get().id()));
    }

    private Optional<JobRecord> job(
            RunRecord run, RunReader.Shown shown, Optional<Integer> attempt) {
        if (attempt.isEmpty()) {
            return store.nodes(run.id()).stream()
                    .filter(node -> node.key().equals(shown.node().key()))
                    .findFirst()
                    .flatMap(node -> node.job())
                    .flatMap(store::job);
        }
        return store.jobs(run.id()).stream()
                .filter(job -> job.key().equals(shown.node().key()))
                .filter(job -> job.attempt() == attempt.get())
                .reduce((_, later) -> later);
    }

    private static void await(CompletableFuture<Void> more, long nanos)
            throws InterruptedException {
        try {
            more.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // The caller looks at the time.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a bell does not fail", e);
        }
    }
}
