package dev.formwork.store.disk;

import org.h2.store.fs.FileBaseDefault;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A file that is found, after a crash or a power loss, as it was when [#force] last returned, or
/// as it would have been on the return of the one under way; never in between.
///
/// Writes are held in memory until they are forced. Then they go to a journal, which is forced, and
/// only then to the file itself. When the journal is long the file is forced beside the writer, and
/// when that is done once more, for the little that came meanwhile; then the journal is begun anew.
/// When the file is opened the journal is applied to it. Thread-safe.
// Has locks of its own: reads go on while the disk is waited for.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class AtomicFile extends FileBaseDefault {
    /// How long the journal gets before the file itself is forced, and about half of what it can
    /// get. Forcing so much takes some 300 ms; a shorter one costs large runs a quarter of their
    /// speed.
    static final long JOURNAL_LIMIT = 64L * 1024 * 1024;

    private final FileChannel file;
    private final Journal journal;
    private final long journalLimit;
    private final Executor beside;

    /// Held by whoever changes something, to the end of a force.
    private final ReentrantLock changing = new ReentrantLock();

    /// Of `changes` and of the file's contents. Not held while the disk is waited for.
    private final ReentrantReadWriteLock contents = new ReentrantReadWriteLock();

    private Changes changes;
    private boolean broken;

    /// Forces the file, since the journal is long; null while it is not.
    private @Nullable CompletableFuture<Void> forcing;

    /// Both are owned, and closed with this.
    ///
    /// @param file may be in between
    /// @param journalLimit in bytes
    /// @param beside where the file is forced while others write
    AtomicFile(FileChannel file, FileChannel journal, long journalLimit, Executor beside)
            throws IOException {
        this.file = file;
        this.journal = new Journal(journal);
        this.journalLimit = journalLimit;
        this.beside = beside;
        this.journal.replay(found -> found.applyTo(file));
        file.force(true);
        this.journal.restart();
        this.changes = new Changes(file.size());
    }

    @Override
    public long size() throws IOException {
        contents.readLock().lock();
        try {
            return changes.size();
        } finally {
            contents.readLock().unlock();
        }
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        contents.readLock().lock();
        try {
            return changes.read(file, to, position);
        } finally {
            contents.readLock().unlock();
        }
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        changing.lock();
        try {
            requireSound();
            contents.writeLock().lock();
            try {
                return changes.write(file, from, position);
            } finally {
                contents.writeLock().unlock();
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    protected void implTruncate(long size) throws IOException {
        changing.lock();
        try {
            requireSound();
            contents.writeLock().lock();
            try {
                changes.truncate(size);
            } finally {
                contents.writeLock().unlock();
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        changing.lock();
        try {
            requireSound();
            if (changes.isEmpty()) {
                return;
            }
            // After a failure nobody knows what is on the disk.
            broken = true;
            journal.append(changes);
            contents.writeLock().lock();
            try {
                changes.applyTo(file);
                changes = new Changes(changes.size());
            } finally {
                contents.writeLock().unlock();
            }
            if (journal.length() > journalLimit) {
                shortenJournal();
            }
            broken = false;
        } finally {
            changing.unlock();
        }
    }

    private void shortenJournal() throws IOException {
        if (forcing == null) {
            forcing = CompletableFuture.runAsync(this::forceFile, beside);
        } else if (forcing.isDone() || journal.length() > 2 * journalLimit) {
            awaitForcing();
            file.force(true);
            journal.restart();
        }
    }

    private void forceFile() {
        try {
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A failure has to come out here: the system tells it once, and a later force would succeed
    /// without what was lost.
    private void awaitForcing() throws IOException {
        CompletableFuture<Void> awaited = forcing;
        forcing = null;
        try {
            if (awaited != null) {
                awaited.join();
            }
        } catch (CompletionException e) {
            throw new IOException("the file could not be forced", e.getCause());
        }
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    /// What was not forced is lost, as it would be without this class if the power went now.
    @Override
    protected void implCloseChannel() throws IOException {
        changing.lock();
        try (FileChannel _ = file;
                Journal ending = journal) {
            awaitForcing();
            if (!broken) {
                file.force(true);
                ending.clear();
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    public String toString() {
        return "atomic:" + file;
    }

    private void requireSound() throws IOException {
        if (broken) {
            throw new IOException("an earlier write to the disk failed");
        }
    }
}
