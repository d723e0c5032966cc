package dev.formwork.boot.content;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/// Content that is being read. One thread at a time.
public final class Open implements AutoCloseable {
    private final @Nullable FileChannel file;
    private final ByteBuffer memory;
    private final long size;

    Open(@Nullable FileChannel file, ByteBuffer memory, long size) {
        this.file = file;
        this.memory = memory;
        this.size = size;
    }

    /// In octets.
    public long size() {
        return size;
    }

    /// Fills a buffer from a position on; there is that much.
    public void read(long position, ByteBuffer into) throws IOException {
        if (file == null) {
            into.put(memory.slice((int) position, into.remaining()));
            return;
        }
        long at = position;
        while (into.hasRemaining()) {
            int read = file.read(into, at);
            if (read < 0) {
                throw new EOFException("the file became shorter");
            }
            at += read;
        }
    }

    /// Writes a part of it, by `sendfile` where the target is a socket.
    ///
    /// @return how much was written
    public long transfer(long position, long count, WritableByteChannel to) throws IOException {
        if (file == null) {
            return to.write(memory.slice((int) position, (int) Math.min(count, 1 << 20)));
        }
        return file.transferTo(position, count, to);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
