package dev.formwork.store;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Reads on threads of its own. A caller may be interrupted at any time, and an interrupt inside H2
/// closes the database's file for everybody. Thread-safe.
final class Readers implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("store-reader-", 0).factory());
    private final BlockingQueue<Handle> idle;
    private final List<Handle> handles;
    private final Path directory;

    /// @param connections one for each reading at a time; closed with this
    Readers(List<Connection> connections, Path directory) {
        this.handles =
                connections.stream().map(connection -> Jdbi.create(connection).open()).toList();
        this.idle = new ArrayBlockingQueue<>(handles.size(), false, handles);
        this.directory = directory;
    }

    <T> T read(Function<Handle, T> reading) {
        if (threads.isShutdown()) {
            throw StoreFailure.closed();
        }
        try {
            return Uninterrupted.result(threads.submit(() -> onHandle(reading)));
        } catch (ExecutionException e) {
            throw StoreFailure.of(e.getCause() == null ? e : e.getCause(), directory);
        }
    }

    private <T> T onHandle(Function<Handle, T> reading) throws InterruptedException {
        Handle handle = idle.take();
        try {
            return reading.apply(handle);
        } finally {
            idle.add(handle);
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
