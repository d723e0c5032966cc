package dev.formwork.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

class AtomicFileTest {
    /// Short, so that it is begun anew every few forces; twice as much holds what comes in one
    /// force more than when it is reached.
    private static final long LIMIT = 120_000;

    private static final int SEEDS = Integer.getInteger("atomic.seeds", 150);

    @Test
    void readsWhatWasWrittenBeforeAndAfterAForce() throws IOException {
        LossyDisk disk = new LossyDisk("read");
        try (AtomicFile file = open(disk)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 4_095);
            assertThat(contents(file)).hasSize(4_098).endsWith(1, 2, 3);
            file.force(true);
            file.truncate(4_096);
            file.write(ByteBuffer.wrap(new byte[] {9}), 10_000);
            assertThat(contents(file)).hasSize(10_001).endsWith(0, 9);
            assertThat(contents(file)[4_096]).isZero();
            assertThat(contents(file)[4_095]).isEqualTo((byte) 1);
        }
    }

    @Test
    void doesNothingMoreAfterAForceThatFailed() throws IOException {
        LossyDisk disk = new LossyDisk("full");
        try (AtomicFile file = open(disk)) {
            file.write(ByteBuffer.allocate(4_096), 0);
            disk.fillAfter(0);
            assertThatThrownBy(() -> file.force(true)).hasMessageContaining("No space left");
            disk.makeRoom();
            assertThatThrownBy(() -> file.force(true)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void writersGoOnWhileTheFileIsForced() throws IOException {
        LossyDisk disk = new LossyDisk("beside");
        Queue<Runnable> beside = new ArrayDeque<>();
        byte[] model = new byte[0];
        try (AtomicFile file = open(disk, beside::add)) {
            Random random = new Random(1);
            while (beside.isEmpty()) {
                model = step(file, model, random);
                file.force(true);
            }
            model = step(file, model, random);
            file.force(true);
            assertThat(beside).as("one at a time").hasSize(1);
            assertThat(contents(file)).isEqualTo(model);
            beside.remove().run();
        }
        assertThat(contents(open(disk))).isEqualTo(model);
    }

    @Test
    void aJournalAsLongAsTwoIsWaitedFor() throws Exception {
        LossyDisk disk = new LossyDisk("two");
        Queue<Runnable> beside = new ConcurrentLinkedQueue<>();
        AtomicFile file = open(disk, beside::add);
        Thread writer =
                Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < 150; i++) {
                            file.write(ByteBuffer.allocate(4_096), 0);
                            file.force(true);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        while (writer.getState() != Thread.State.WAITING) {
            assertThat(writer.isAlive()).as("it does not wait").isTrue();
            Thread.onSpinWait();
        }
        for (int i = 0; i < 10 && writer.isAlive(); i++) {
            Runnable next = beside.poll();
            if (next != null) {
                next.run();
            }
            writer.join(Duration.ofSeconds(1));
        }
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void aFileThatCouldNotBeForcedBesideItsWritersIsBroken() throws IOException {
        LossyDisk disk = new LossyDisk("first");
        Queue<Runnable> beside = new ArrayDeque<>();
        AtomicFile file = open(disk, beside::add);
        while (beside.isEmpty()) {
            file.write(ByteBuffer.allocate(4_096), 0);
            file.force(true);
        }
        disk.failNextForce();
        beside.remove().run();
        file.write(ByteBuffer.wrap(new byte[] {1}), 0);
        assertThatThrownBy(() -> file.force(true)).hasMessage("the file could not be forced");
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
                .isInstanceOf(IOException.class);
        file.close();

        assertThat(contents(open(disk))).as("by the journal").startsWith(1);
    }

    /// Writes, cuts and forces at random until the power goes; twice, so that what was put right
    /// after the first time is tried as well, and the power may go while it is.
    @ParameterizedTest
    @EnumSource
    void isFoundAsItWasForced(LossyDisk.Survival survival) throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            LossyDisk disk = new LossyDisk("first");
            byte[] before = new byte[0];
            byte[] after = new byte[0];
            for (int life = 0; life < 3; life++) {
                disk.dieAfter(1 + random.nextInt(120));
                Queue<Runnable> beside = new ArrayDeque<>();
                AtomicFile file;
                try {
                    file = open(disk, beside::add);
                } catch (IOException e) {
                    disk = disk.afterPowerLoss("next-" + life, survival, random);
                    continue;
                }
                byte[] found = contents(file);
                assertThat(found)
                        .as("seed %d, life %d", seed, life)
                        .satisfiesAnyOf(either(before)::accept, either(after)::accept);
                before = found;
                after = found;
                byte[] model = found;
                try {
                    for (int i = 0; i < 200; i++) {
                        model = step(file, model, random);
                        if (random.nextInt(16) == 0) {
                            assertThat(contents(file)).isEqualTo(model);
                        }
                        if (random.nextInt(8) == 0) {
                            runAll(beside);
                        }
                        if (random.nextInt(4) == 0) {
                            boolean waits = !beside.isEmpty();
                            after = model.clone();
                            file.force(true);
                            before = after;
                            if (waits) {
                                runAll(beside);
                            }
                        }
                    }
                } catch (IOException e) {
                    assertThat(disk.dead()).isTrue();
                }
                disk = disk.afterPowerLoss("next-" + life, survival, random);
            }
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable each = tasks.poll(); each != null; each = tasks.poll()) {
            each.run();
        }
    }

    private static java.util.function.Consumer<byte[]> either(byte[] expected) {
        return found -> assertThat(found).isEqualTo(expected);
    }

    private static byte[] step(AtomicFile file, byte[] model, Random random) throws IOException {
        if (random.nextInt(8) == 0) {
            int size = random.nextInt(model.length + 1);
            file.truncate(size);
            return Arrays.copyOf(model, size);
        }
        boolean aligned = random.nextBoolean();
        int at = random.nextInt(40_000);
        byte[] bytes = new byte[1 + random.nextInt(9_000)];
        random.nextBytes(bytes);
        if (aligned) {
            at -= at % 4_096;
        }
        file.write(ByteBuffer.wrap(bytes), at);
        byte[] next = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
        System.arraycopy(bytes, 0, next, at, bytes.length);
        return next;
    }

    private static byte[] contents(AtomicFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        while (bytes.hasRemaining()) {
            if (file.read(bytes, bytes.position()) < 0) {
                throw new IOException("ended early");
            }
        }
        return bytes.array();
    }

    private static AtomicFile open(LossyDisk disk) throws IOException {
        return open(disk, Runnable::run);
    }

    private static AtomicFile open(LossyDisk disk, Executor beside) throws IOException {
        FileChannel file = FilePath.get(disk.path("file")).open("rw");
        FileChannel journal = FilePath.get(disk.path("file.journal")).open("rw");
        return new AtomicFile(file, journal, LIMIT, beside);
    }
}
