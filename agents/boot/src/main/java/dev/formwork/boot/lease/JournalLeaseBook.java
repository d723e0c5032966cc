package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.thread.Threads;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/// Leases in a file of its own, for a boot server without the engine's store.
///
/// One thread appends: all commits that wait are one write and one fsync. The file is written anew,
/// with one line for each address, when it is opened and when most of its lines are outdated. What
/// a loss of power left at the end of it is put aside. Where a write fails, the next commit writes
/// the file anew: a disk that has room again mends it.
public final class JournalLeaseBook implements LeaseBook {
    private static final Logger LOG = LoggerFactory.getLogger(JournalLeaseBook.class);
    private static final int MOST_AT_ONCE = 4096;
    private static final int OUTDATED = 10_000;

    private final Path file;
    private final FileChannel lock;
    private final LinkedBlockingQueue<Commit> waiting = new LinkedBlockingQueue<>();
    private final Map<Ipv4, Lease> durable = new LinkedHashMap<>();
    private final List<Lease> loaded;
    private final Thread writer;

    /// Guards `isClosed` against a commit that comes too late to be seen.
    private final Object closing = new Object();

    private boolean isClosed;

    // The writer's own.
    private @Nullable FileChannel journal;
    private long lines;

    /// @param done null ends the writer
    private record Commit(List<Lease> leases, @Nullable CompletableFuture<Void> done) {}

    /// Opens the journal, or makes one.
    ///
    /// @throws ProblemException `dhcp.journal-io`, `dhcp.journal-locked`
    public JournalLeaseBook(Path file) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            lock =
                    FileChannel.open(
                            sibling(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            lockOrRefuse();
            replay();
            rewrite(durable);
        } catch (IOException e) {
            closeQuietly(lock);
            throw failed(e);
        } catch (ProblemException e) {
            closeQuietly(lock);
            throw e;
        }
        loaded = List.copyOf(durable.values());
        writer = Thread.ofPlatform().name("lease-journal").daemon().unstarted(this::write);
        writer.start();
    }

    @Override
    public List<Lease> load() {
        return loaded;
    }

    @Override
    public CompletableFuture<Void> commit(List<Lease> leases) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (closing) {
            if (isClosed) {
                done.completeExceptionally(failed(new IOException("the journal is closed")));
            } else {
                waiting.add(new Commit(List.copyOf(leases), done));
            }
        }
        return done;
    }

    /// What waits is committed first.
    @Override
    public void close() {
        synchronized (closing) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            waiting.add(new Commit(List.of(), null));
        }
        Threads.join(writer);
        closeQuietly(journal);
        closeQuietly(lock);
    }

    private void write() {
        List<Commit> group = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            group.clear();
            try {
                group.add(waiting.take());
            } catch (InterruptedException e) {
                // Nobody but close() ends this thread, and that does it in turn.
                continue;
            }
            waiting.drainTo(group, MOST_AT_ONCE);
            Optional<ProblemException> failure = write(group);
            for (Commit commit : group) {
                @Nullable CompletableFuture<Void> done = commit.done();
                if (done == null) {
                    goesOn = false;
                } else if (failure.isPresent()) {
                    done.completeExceptionally(failure.get());
                } else {
                    done.complete(null);
                }
            }
        }
    }

    private Optional<ProblemException> write(List<Commit> group) {
        Map<Ipv4, Lease> changes = new LinkedHashMap<>();
        for (Commit commit : group) {
            commit.leases().forEach(lease -> changes.put(lease.address(), lease));
        }
        try {
            @Nullable FileChannel open = journal;
            if (open == null || lines > 4L * durable.size() + OUTDATED) {
                Map<Ipv4, Lease> all = new LinkedHashMap<>(durable);
                all.putAll(changes);
                rewrite(all);
            } else if (!changes.isEmpty()) {
                writeAll(open, changes);
                open.force(false);
                lines += changes.size();
            }
            durable.putAll(changes);
            return Optional.empty();
        } catch (IOException e) {
            LOG.error("The journal {} cannot be written: {}", file, e.toString());
            closeQuietly(journal);
            journal = null;
            return Optional.of(failed(e));
        }
    }

    private void replay() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        byte[] octets = Files.readAllBytes(file);
        int at = 0;
        while (at < octets.length) {
            int end = at;
            while (end < octets.length && octets[end] != '\n') {
                end++;
            }
            Optional<Lease> lease =
                    end == octets.length
                            ? Optional.empty()
                            : LeaseLine.read(
                                    new String(octets, at, end - at, StandardCharsets.US_ASCII));
            if (lease.isEmpty()) {
                putAside(Arrays.copyOfRange(octets, at, octets.length));
                return;
            }
            durable.put(lease.get().address(), lease.get());
            at = end + 1;
        }
    }

    private void putAside(byte[] rest) throws IOException {
        Path damaged = sibling(".damaged");
        Files.write(damaged, rest);
        LOG.warn(
                "{}",
                Problem.of(
                        "dhcp.journal-damaged",
                        "the last "
                                + rest.length
                                + " octets of "
                                + file
                                + " are not as they were written; they are in "
                                + damaged,
                        "after a loss of power this is what was never acknowledged"));
    }

    private void rewrite(Map<Ipv4, Lease> leases) throws IOException {
        Path fresh = sibling(".new");
        FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        try {
            writeAll(channel, leases);
            channel.force(true);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder =
                    FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            closeQuietly(channel);
            throw e;
        }
        closeQuietly(journal);
        journal = channel;
        lines = leases.size();
    }

    private static void writeAll(FileChannel channel, Map<Ipv4, Lease> leases) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Lease lease : leases.values()) {
            text.append(LeaseLine.write(lease)).append('\n');
        }
        ByteBuffer octets = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    private void lockOrRefuse() throws IOException {
        try {
            if (lock.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("This process has the journal open already", e);
        }
        throw ProblemException.of(
                "dhcp.journal-locked",
                "another boot server uses " + file,
                "stop it, or give each a directory of its own");
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private ProblemException failed(IOException cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "dhcp.journal-io",
                                "the journal of leases " + file + " cannot be used: " + cause,
                                "see that the disk has room and that the file may be written")),
                cause);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("A channel that is no longer used does not close", e);
        }
    }
}
