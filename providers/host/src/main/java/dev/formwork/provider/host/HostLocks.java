package dev.formwork.provider.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Locks that hold between the threads of this process and between processes of this host, by files
/// in one directory. A lock file is never removed, as its remover could not know who waits for it;
/// so machines share a fixed number of them.
///
/// Thread-safe. A crash frees what was held.
public final class HostLocks {
    private static final int STRIPES = 64;

    /// A file lock belongs to the process, so what keeps its threads apart does as well. Bounded by
    /// the number of lock files.
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final Path directory;

    /// @param directory for the lock files; made where it is missing
    public HostLocks(Path directory) {
        this.directory = directory;
    }

    /// A lock that is held.
    public static final class Held implements AutoCloseable {
        private final ReentrantLock lock;
        private final FileChannel file;

        private Held(ReentrantLock lock, FileChannel file) {
            this.lock = lock;
            this.file = file;
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException cannotMatter) {
                // The lock is the process's, and gone with the descriptor in any case.
            } finally {
                lock.unlock();
            }
        }
    }

    /// For all that is done to one machine.
    public Held machine(String id) throws IOException {
        return acquire("machine-" + Math.floorMod(id.hashCode(), STRIPES));
    }

    /// For what concerns all machines: addresses and tokens. Taken after a machine's, never before.
    public Held allocation() throws IOException {
        return acquire("allocation");
    }

    private Held acquire(String name) throws IOException {
        Files.createDirectories(directory);
        Path path = directory.toRealPath().resolve(name);
        ReentrantLock lock = THREADS.computeIfAbsent(path, _ -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + path, interrupted);
        }
        try {
            FileChannel file =
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                file.lock();
            } catch (IOException | RuntimeException failed) {
                file.close();
                throw failed;
            }
            return new Held(lock, file);
        } catch (IOException | RuntimeException failed) {
            lock.unlock();
            throw failed;
        }
    }
}
