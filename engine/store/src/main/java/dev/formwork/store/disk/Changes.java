package dev.formwork.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What a file is to become: whole blocks, and a size. Not thread-safe.
final class Changes {
    static final int BLOCK = 4096;

    private final NavigableMap<Long, byte[]> blocks = new TreeMap<>();
    private final long oldSize;

    /// The file's bytes from here on are gone, unless they are in `blocks`: else a file that was
    /// cut and grew again would show what it held before.
    private long kept;

    private long size;

    Changes(long size) {
        this(size, size, size);
    }

    Changes(long oldSize, long kept, long size) {
        this.oldSize = oldSize;
        this.kept = kept;
        this.size = size;
    }

    boolean isEmpty() {
        return blocks.isEmpty() && kept == oldSize && size == oldSize;
    }

    long kept() {
        return kept;
    }

    long size() {
        return size;
    }

    NavigableMap<Long, byte[]> blocks() {
        return blocks;
    }

    void put(long block, byte[] bytes) {
        blocks.put(block, bytes);
    }

    void truncate(long newSize) {
        if (newSize < size) {
            size = newSize;
            kept = Math.min(kept, newSize);
            blocks.tailMap((newSize + BLOCK - 1) / BLOCK).clear();
            byte[] last = blocks.get(newSize / BLOCK);
            if (last != null) {
                java.util.Arrays.fill(last, (int) (newSize % BLOCK), BLOCK, (byte) 0);
            }
        }
    }

    int write(FileChannel file, ByteBuffer from, long position) throws IOException {
        int length = from.remaining();
        long at = position;
        while (from.hasRemaining()) {
            long number = at / BLOCK;
            int offset = (int) (at % BLOCK);
            int count = Math.min(BLOCK - offset, from.remaining());
            byte[] block = blocks.get(number);
            if (block == null) {
                block = new byte[BLOCK];
                if (count < BLOCK) {
                    readOld(file, ByteBuffer.wrap(block), number * BLOCK);
                }
                blocks.put(number, block);
            }
            from.get(block, offset, count);
            at += count;
        }
        size = Math.max(size, at);
        return length;
    }

    int read(FileChannel file, ByteBuffer to, long position) throws IOException {
        if (position >= size) {
            return -1;
        }
        int length = (int) Math.min(to.remaining(), size - position);
        int limit = to.limit();
        to.limit(to.position() + length);
        long at = position;
        while (to.hasRemaining()) {
            Map.Entry<Long, byte[]> next = blocks.ceilingEntry(at / BLOCK);
            if (next != null && next.getKey() == at / BLOCK) {
                int offset = (int) (at % BLOCK);
                int count = Math.min(BLOCK - offset, to.remaining());
                to.put(next.getValue(), offset, count);
                at += count;
            } else {
                long end = next == null ? Long.MAX_VALUE : next.getKey() * BLOCK;
                int count = (int) Math.min(to.remaining(), end - at);
                ByteBuffer part = to.slice(to.position(), count);
                readOld(file, part, at);
                to.position(to.position() + count);
                at += count;
            }
        }
        to.limit(limit);
        return length;
    }

    /// Makes the file what it is to become; not forced.
    void applyTo(FileChannel file) throws IOException {
        if (file.size() > kept) {
            file.truncate(kept);
        }
        ByteBuffer run = ByteBuffer.allocate(64 * BLOCK);
        long start = -1;
        for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
            boolean follows = start >= 0 && block.getKey() * BLOCK == start + run.position();
            if (!follows || !run.hasRemaining()) {
                flush(file, run, start);
                start = block.getKey() * BLOCK;
            }
            run.put(block.getValue());
        }
        flush(file, run, start);
        if (file.size() > size) {
            // The last block is longer than what is in it.
            file.truncate(size);
        } else if (file.size() < size) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    private static void flush(FileChannel file, ByteBuffer run, long start) throws IOException {
        run.flip();
        long at = start;
        while (run.hasRemaining()) {
            at += file.write(run, at);
        }
        run.clear();
    }

    /// Bytes as they were, zeros where there were none.
    private void readOld(FileChannel file, ByteBuffer to, long position) throws IOException {
        int start = to.position();
        int length = Math.clamp(kept - position, 0, to.remaining());
        ByteBuffer part = to.slice(start, length);
        long at = position;
        while (part.hasRemaining()) {
            int count = file.read(part, at);
            if (count < 0) {
                break;
            }
            at += count;
        }
        while (part.hasRemaining()) {
            part.put((byte) 0);
        }
        for (int i = start + length; i < to.limit(); i++) {
            to.put(i, (byte) 0);
        }
    }
}
