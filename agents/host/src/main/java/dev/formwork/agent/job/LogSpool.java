package dev.formwork.agent.job;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A job's log as the engine gets it: masked, bounded, and kept in a file until the job is over.
/// One thread writes, one reads.
final class LogSpool implements Closeable {
    private final FileChannel file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long length;
    private byte[] tail = new byte[0];
    private boolean complete;

    private LogSpool(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    /// @param keep whether what the file holds is the log's beginning
    static LogSpool open(Path path, boolean keep) throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (!keep) {
            file.truncate(0);
        }
        return new LogSpool(file, file.size());
    }

    /// Adds bytes; all of them, or none where this throws.
    void append(byte[] bytes, int count) throws IOException {
        if (count == 0) {
            return;
        }
        long end = length();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
            for (long at = end; buffer.hasRemaining(); ) {
                at += file.write(buffer, at);
            }
        } catch (IOException e) {
            file.truncate(end);
            throw e;
        }
        lock.lock();
        try {
            length = end + count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the log. The last bytes stay in memory: the disk may be full.
    void complete(byte[] last) {
        lock.lock();
        try {
            tail = last.clone();
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the log where it is, unless it has ended.
    void completeWhereItIs() {
        lock.lock();
        try {
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes so far, the tail included.
    long length() {
        lock.lock();
        try {
            return length + tail.length;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a byte at the position.
    ///
    /// @return false where there will be none
    boolean awaitBeyond(long position) throws InterruptedException {
        lock.lock();
        try {
            while (!complete && length <= position) {
                changed.await();
            }
            return length + tail.length > position;
        } finally {
            lock.unlock();
        }
    }

    /// Bytes from the position, as many as there are, up to a count.
    byte[] read(long position, int most) throws IOException {
        long inFile;
        byte[] last;
        lock.lock();
        try {
            inFile = length;
            last = tail;
        } finally {
            lock.unlock();
        }
        if (position >= inFile) {
            int from = (int) Math.min(last.length, position - inFile);
            return Arrays.copyOfRange(last, from, Math.min(last.length, from + most));
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, inFile - position));
        while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
            // Until the buffer is full, or the file is shorter than it was.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
