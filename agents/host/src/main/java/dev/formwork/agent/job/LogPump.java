package dev.formwork.agent.job;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Moves what a job writes from the file it is appended to into the spool: masked, and cut at the
/// quota. Past the quota the file is emptied again and again while the job goes on appending, so
/// that it stays small. An agent that comes back does the same work again from the file's start,
/// with the same result, unless the log was cut: then a mark says so, and the spool is as it will
/// stay. For one thread.
final class LogPump implements Closeable {
    private static final System.Logger LOG = System.getLogger(LogPump.class.getName());
    private static final int CHUNK = 64 << 10;
    private static final int CHUNKS_AT_ONCE = 64;

    private final FileChannel written;
    private final LogSpool spool;
    private final Path markFile;
    private final SecretMasker masker;
    private final LogWindow window;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private long position;
    private boolean diskFull;
    private boolean broken;

    private LogPump(
            FileChannel written,
            LogSpool spool,
            Path markFile,
            SecretMasker masker,
            LogWindow window,
            long position) {
        this.written = written;
        this.spool = spool;
        this.markFile = markFile;
        this.masker = masker;
        this.window = window;
        this.position = position;
    }

    /// @param dropped bytes that were dropped so far
    /// @param position up to which the job's file is accounted for
    record Mark(long dropped, long position) {}

    static LogPump open(JobFolder folder, SecretMasker masker, long quota) throws IOException {
        Mark mark = readMark(folder.logMark());
        FileChannel written =
                FileChannel.open(
                        folder.log(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        return new LogPump(
                written,
                LogSpool.open(folder.logSpool(), mark != null),
                folder.logMark(),
                masker,
                mark == null ? new LogWindow(quota) : LogWindow.cutBefore(quota, mark.dropped()),
                mark == null ? 0 : mark.position());
    }

    LogSpool spool() {
        return spool;
    }

    /// Whether the disk had no room for the log, or has none now: then the job's own writes to the
    /// log failed.
    boolean sawDiskFull() {
        try {
            return diskFull || Files.getFileStore(markFile.getParent()).getUsableSpace() < CHUNK;
        } catch (IOException e) {
            return diskFull;
        }
    }

    /// Moves some of what there is. Where the disk fails, the log ends there and the job goes on.
    ///
    /// @return whether there was anything
    boolean pump() {
        try {
            return move();
        } catch (IOException e) {
            if (!broken) {
                LOG.log(Level.WARNING, "a log ends early: {0}", e.getMessage());
            }
            broken = true;
            return false;
        }
    }

    private boolean move() throws IOException {
        boolean any = false;
        for (int i = 0; i < CHUNKS_AT_ONCE && !window.isCut(); i++) {
            chunk.clear();
            int read = written.read(chunk, position);
            if (read <= 0) {
                return any;
            }
            any = true;
            position += read;
            pass(masker.mask(chunk.array(), read));
        }
        if (window.isCut()) {
            empty();
        }
        return any;
    }

    /// Moves the rest, after the job's last process is gone, and completes the spool.
    void finish() {
        try {
            moveRest();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a log ends early: {0}", e.getMessage());
        }
        spool.complete(window.closing());
    }

    private void moveRest() throws IOException {
        long end = written.size();
        while (!window.isCut() && position < end && move()) {
            end = Math.min(end, written.size());
        }
        if (window.isCut()) {
            window.drop(written.size() - position);
        } else {
            pass(masker.finish());
        }
    }

    private void pass(byte[] masked) throws IOException {
        int kept = window.accept(masked);
        try {
            spool.append(masked, kept);
        } catch (IOException e) {
            if (!DiskFull.isCause(e)) {
                throw e;
            }
            diskFull = true;
            window.drop(kept);
        }
        if (window.isCut()) {
            mark();
        }
    }

    /// Bytes that are appended between the two calls are lost uncounted; the count says "about".
    private void empty() throws IOException {
        long size = written.size();
        if (size > CHUNK) {
            window.drop(size - position);
            written.truncate(0);
            position = 0;
            mark();
        }
    }

    private void mark() {
        try {
            DurableFile.replace(markFile, ProtocolJson.write(new Mark(window.dropped(), position)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "can''t note that a log is cut: {0}", e.getMessage());
        }
    }

    private static @Nullable Mark readMark(Path file) throws IOException {
        try {
            return Files.exists(file)
                    ? ProtocolJson.read(Files.readAllBytes(file), Mark.class)
                    : null;
        } catch (ProtocolException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        written.close();
        spool.close();
    }
}
