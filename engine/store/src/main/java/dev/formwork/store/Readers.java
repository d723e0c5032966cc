package dev.formwork.store;

import dev.formwork.model.ProblemException;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads on threads of its own. A caller may be interrupted at any time, and an interrupt inside H2
/// closes the database's file for everybody, and inside PostgreSQL's driver the connection.
/// Thread-safe.
final class Readers implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("store-reader-", 0).factory());
    private final BlockingQueue<Handle> idle;
    private final List<Handle> handles;
    private final Backend backend;
    private final Consumer<ProblemException> lost;

    /// @param connections one for each reading at a time; closed with this
    /// @param lost told when one of them is gone
    Readers(List<Connection> connections, Backend backend, Consumer<ProblemException> lost) {
        this.handles =
                connections.stream().map(connection -> Jdbi.create(connection).open()).toList();
        this.idle = new ArrayBlockingQueue<>(handles.size(), false, handles);
        this.backend = backend;
        this.lost = lost;
    }

    /// Reads by other means, on a thread of its own too.
    <T> T alone(Callable<T> reading) throws ExecutionException {
        if (threads.isShutdown()) {
            throw StoreFailure.closed();
        }
        return Uninterrupted.result(threads.submit(reading));
    }

    <T> T read(Function<Handle, T> reading) {
        if (threads.isShutdown()) {
            throw StoreFailure.closed();
        }
        try {
            return Uninterrupted.result(threads.submit(() -> onHandle(reading)));
        } catch (ExecutionException e) {
            throw backend.failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private <T> T onHandle(Function<Handle, T> reading) throws InterruptedException {
        Handle handle = idle.take();
        try {
            return reading.apply(handle);
        } catch (RuntimeException e) {
            if (isClosed(handle)) {
                lost.accept(backend.failure(e));
            }
            throw e;
        } finally {
            idle.add(handle);
        }
    }

    private static boolean isClosed(Handle handle) {
        try {
            return handle.getConnection().isClosed();
        } catch (SQLException _) {
            return true;
        }
    }

    /// Waits for the readings that are under way.
    @Override
    public void close() throws SQLException {
        threads.close();
        for (Handle handle : handles) {
            handle.getConnection().close();
        }
    }
}
