package dev.formwork.server.backup;

import dev.formwork.workflow.store.Store;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A backup while it is made: as fast as it is read, by a thread of its own, which ends with it.
/// Where it can't be made to the end, reading fails. Each piece may be read by another thread,
/// which Java's own pipes don't allow.
final class BackupStream extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(BackupStream.class);
    private static final int PIECE = 1 << 16;
    private static final long LOOK_MILLIS = 500;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(4);
    private byte[] piece = new byte[0];
    private int at;
    private boolean ended;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    private BackupStream() {}

    static BackupStream of(Store store, Instant at) {
        BackupStream stream = new BackupStream();
        Thread.ofVirtual().name("backup").start(() -> stream.make(store, at));
        return stream;
    }

    private void make(Store store, Instant when) {
        try {
            try (OutputStream out = new BufferedOutputStream(new Pieces(), PIECE)) {
                store.backup(when, out);
            } catch (IOException | RuntimeException e) {
                failure = e instanceof IOException io ? io : new IOException(e);
                LOG.warn("a backup was not made to its end: {}", e.getMessage());
            }
            give(END);
        } catch (IOException e) {
            LOG.debug("nobody reads the backup any more", e);
        }
    }

    private void give(byte[] next) throws IOException {
        try {
            while (!closed) {
                if (pieces.offer(next, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            throw new IOException("nobody reads it any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private final class Pieces extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                give(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == piece.length && !ended) {
            next();
        }
        if (ended) {
            IOException why = failure;
            if (why != null) {
                throw why;
            }
            return -1;
        }
        int read = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, offset, read);
        at += read;
        return read;
    }

    private void next() throws IOException {
        try {
            piece = pieces.take();
            at = 0;
            ended = piece.length == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Nobody reads on: the backup is made no further. Its thread is not interrupted, since that
    /// would close H2's file for everybody.
    @Override
    public void close() {
        closed = true;
    }
}
