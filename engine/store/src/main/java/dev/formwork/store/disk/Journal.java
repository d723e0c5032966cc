package dev.formwork.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/// Entries of [Changes], one after the other, each with a checksum over the whole of it. The first
/// sector names a generation. An entry counts if it is whole and of this generation, and so are all
/// before it: what a power loss left of one is passed over, and what is left of older generations.
///
/// Naming a new generation is forced before the first entry is written over an old one: else some
/// of the old entries, applied again without the rest, would take the file back in time. Where no
/// generation can be read, its naming was under way, and nothing needs to be applied.
///
/// Not thread-safe.
final class Journal implements AutoCloseable {
    private static final long MAGIC = 0x464d574b4a4e4c31L;
    private static final int START = Changes.BLOCK;
    private static final int HEAD = 6 * Long.BYTES;
    private static final int ENTRY = Long.BYTES + Changes.BLOCK;

    /// More than H2 writes between two forces; a damaged count is not worth the memory.
    private static final long BLOCKS = 4L * 1024 * 1024;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private long generation;
    private long sequence;
    private long end = START;

    /// To be replayed and begun anew before anything is appended.
    ///
    /// @param channel owned, and closed with this
    Journal(FileChannel channel) {
        this.channel = channel;
    }

    @FunctionalInterface
    interface Replay {
        void accept(Changes changes) throws IOException;
    }

    /// The length of what is not to be forgotten.
    long length() {
        return end - START;
    }

    /// Gives all entries that count, in their order.
    void replay(Replay to) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(3 * Long.BYTES);
        if (!readFully(first, 0)
                || first.getLong() != MAGIC
                || first.getLong(2 * Long.BYTES) != sum(first)) {
            return;
        }
        long current = first.getLong(Long.BYTES);
        long at = START;
        for (long expected = 0; ; expected++) {
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            if (!readFully(head, at)) {
                return;
            }
            boolean ours =
                    head.getLong() == MAGIC
                            && head.getLong() == current
                            && head.getLong() == expected;
            long kept = head.getLong(3 * Long.BYTES);
            long size = head.getLong(4 * Long.BYTES);
            long count = head.getLong(5 * Long.BYTES);
            if (!ours || count < 0 || count > BLOCKS) {
                return;
            }
            Changes changes = new Changes(-1, kept, size);
            if (!readBlocks(at, head, count, changes)) {
                return;
            }
            to.accept(changes);
            at += HEAD + count * ENTRY + Long.BYTES;
        }
    }

    private static long sum(ByteBuffer first) {
        CRC32C sum = new CRC32C();
        sum.update(first.slice(0, 2 * Long.BYTES));
        return sum.getValue();
    }

    private boolean readBlocks(long start, ByteBuffer head, long count, Changes changes)
            throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(head.rewind());
        long at = start + HEAD;
        for (long i = 0; i < count; i++) {
            ByteBuffer entry = ByteBuffer.allocate(ENTRY);
            if (!readFully(entry, at)) {
                return false;
            }
            sum.update(entry.duplicate());
            long number = entry.getLong();
            byte[] bytes = new byte[Changes.BLOCK];
            entry.get(bytes);
            changes.put(number, bytes);
            at += ENTRY;
        }
        ByteBuffer last = ByteBuffer.allocate(Long.BYTES);
        return readFully(last, at) && last.getLong() == sum.getValue();
    }

    /// Returns when the entry would survive a power loss.
    void append(Changes changes) throws IOException {
        CRC32C sum = new CRC32C();
        long at = end;
        buffer.clear();
        buffer.putLong(MAGIC)
                .putLong(generation)
                .putLong(sequence)
                .putLong(changes.kept())
                .putLong(changes.size())
                .putLong(changes.blocks().size());
        for (Map.Entry<Long, byte[]> block : changes.blocks().entrySet()) {
            if (buffer.remaining() < ENTRY) {
                at = write(at, sum);
            }
            buffer.putLong(block.getKey()).put(block.getValue());
        }
        if (buffer.remaining() < Long.BYTES) {
            at = write(at, sum);
        }
        sum.update(buffer.duplicate().flip());
        buffer.putLong(sum.getValue());
        at = write(at, new CRC32C());
        channel.force(false);
        sequence++;
        end = at;
    }

    private long write(long at, CRC32C sum) throws IOException {
        buffer.flip();
        sum.update(buffer.duplicate());
        long to = at;
        while (buffer.hasRemaining()) {
            to += channel.write(buffer, to);
        }
        buffer.clear();
        return to;
    }

    /// Forgets the entries: what they say is applied and forced.
    void restart() throws IOException {
        // Random, so that nothing left of an older generation passes for this one's.
        generation = ThreadLocalRandom.current().nextLong();
        sequence = 0;
        end = START;
        ByteBuffer first = ByteBuffer.allocate(3 * Long.BYTES);
        first.putLong(MAGIC).putLong(generation).putLong(sum(first)).flip();
        long at = 0;
        while (first.hasRemaining()) {
            at += channel.write(first, at);
        }
        channel.force(true);
    }

    /// The same, for one that is not appended to any more.
    void clear() throws IOException {
        channel.truncate(0);
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean readFully(ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int count = channel.read(to, at);
            if (count < 0) {
                return false;
            }
            at += count;
        }
        to.flip();
        return true;
    }
}
