package dev.formwork.store.disk;

import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A disk in memory that loses power: at a chosen operation it stops, and of what was written but
/// not forced it keeps what [Survival] says. H2 finds it as `lossy:NAME/file`. Thread-safe.
public final class LossyDisk {
    private static final Map<String, LossyDisk> DISKS = new ConcurrentHashMap<>();

    /// What a disk writes at once: a write that is longer may be torn.
    private static final int SECTOR = 512;

    /// What becomes of writes that were not forced.
    public enum Survival {
        /// None is on the disk.
        NONE,
        /// All are: the process ended and the machine did not.
        ALL,
        /// Those up to some instant, the last one whole.
        PREFIX,
        /// Some, in any order, each whole.
        SUBSET,
        /// Some sectors of some.
        TORN
    }

    private static final class File {
        private byte[] bytes = new byte[0];
        private byte[] durable = new byte[0];
        private final List<Operation> unforced = new ArrayList<>();
    }

    /// The bytes are null where the file was cut or made longer, to `at`
    private static final class Operation {
        private final int at;
        private final byte @Nullable [] bytes;

        private Operation(int at, byte @Nullable [] bytes) {
            this.at = at;
            this.bytes = bytes;
        }
    }

    private final String name;
    private final Map<String, File> files = new TreeMap<>();
    private long operations;
    private long dieAt = Long.MAX_VALUE;
    private long fullAt = Long.MAX_VALUE;
    private boolean failsForce;

    public LossyDisk(String name) {
        this.name = name;
        FilePath.register(new LossyFilePath());
        DISKS.put(name, this);
    }

    static LossyDisk named(String name) {
        LossyDisk disk = DISKS.get(name);
        if (disk == null) {
            throw new IllegalArgumentException("no disk " + name);
        }
        return disk;
    }

    /// For H2, without its suffix.
    public String path(String file) {
        return "lossy:" + name + "/" + file;
    }

    /// Loses the power at the given operation, counted from now.
    public synchronized void dieAfter(long more) {
        dieAt = operations + more;
    }

    /// Has no space for what would make a file longer, after so many operations.
    public synchronized void fillAfter(long more) {
        fullAt = operations + more;
    }

    public synchronized long operations() {
        return operations;
    }

    public synchronized boolean dead() {
        return operations >= dieAt;
    }

    /// Somebody freed some space.
    public synchronized void makeRoom() {
        fullAt = Long.MAX_VALUE;
    }

    /// Tells once that a force failed, as Linux does, and loses nothing of what was written.
    public synchronized void failNextForce() {
        failsForce = true;
    }

    public void discard() {
        DISKS.remove(name);
    }

    /// The disk as it is found when the power is back.
    public synchronized LossyDisk afterPowerLoss(String newName, Survival survival, Random random) {
        LossyDisk disk = new LossyDisk(newName);
        files.forEach((path, file) -> {
            File found = new File();
            found.bytes = survivors(file, survival, random);
            found.durable = found.bytes.clone();
            disk.files.put(path, found);
        });
        return disk;
    }

    private static byte[] survivors(File file, Survival survival, Random random) {
        List<Operation> kept = new ArrayList<>();
        int prefix = file.unforced.isEmpty() ? 0 : random.nextInt(file.unforced.size() + 1);
        for (int i = 0; i < file.unforced.size(); i++) {
            Operation operation = file.unforced.get(i);
            switch (survival) {
                case NONE -> {}
                case ALL -> kept.add(operation);
                case PREFIX -> {
                    if (i < prefix) {
                        kept.add(operation);
                    }
                }
                case SUBSET -> {
                    if (random.nextBoolean()) {
                        kept.add(operation);
                    }
                }
                case TORN -> kept.addAll(torn(operation, random));
            }
        }
        byte[] bytes = file.durable.clone();
        for (Operation operation : kept) {
            bytes = apply(operation, bytes);
        }
        return bytes;
    }

    private static List<Operation> torn(Operation operation, Random random) {
        List<Operation> kept = new ArrayList<>();
        byte[] bytes = operation.bytes;
        if (bytes == null) {
            if (random.nextBoolean()) {
                kept.add(operation);
            }
            return kept;
        }
        int share = random.nextInt(5);
        for (int at = 0; at < bytes.length; at += SECTOR) {
            if (random.nextInt(4) < share) {
                int end = Math.min(bytes.length, at + SECTOR);
                kept.add(new Operation(operation.at + at, Arrays.copyOfRange(bytes, at, end)));
            }
        }
        return kept;
    }

    private static byte[] apply(Operation operation, byte[] to) {
        byte[] bytes = operation.bytes;
        if (bytes == null) {
            return Arrays.copyOf(to, operation.at);
        }
        byte[] grown =
                to.length < operation.at + bytes.length
                        ? Arrays.copyOf(to, operation.at + bytes.length)
                        : to;
        System.arraycopy(bytes, 0, grown, operation.at, bytes.length);
        return grown;
    }

    private void operate() throws IOException {
        if (operations >= dieAt) {
            throw new IOException("the power is off");
        }
        operations++;
        if (operations >= dieAt) {
            // This one is under way.
            throw new IOException("the power goes off");
        }
    }

    private File file(String path) throws IOException {
        File file = files.get(path);
        if (file == null) {
            throw new IOException("no file " + path);
        }
        return file;
    }

    synchronized boolean exists(String path) {
        return files.containsKey(path);
    }

    synchronized boolean create(String path) {
        return files.putIfAbsent(path, new File()) == null;
    }

    synchronized void delete(String path) {
        files.remove(path);
    }

    synchronized void move(String from, String to) {
        File file = files.remove(from);
        if (file != null) {
            files.put(to, file);
        }
    }

    synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    synchronized long size(String path) throws IOException {
        return file(path).bytes.length;
    }

    synchronized byte[] read(String path, long at, int length) throws IOException {
        byte[] bytes = file(path).bytes;
        if (at >= bytes.length) {
            return new byte[0];
        }
        return Arrays.copyOfRange(bytes, (int) at, (int) Math.min(bytes.length, at + length));
    }

    synchronized void write(String path, long at, byte[] bytes) throws IOException {
        File file = file(path);
        if (operations >= fullAt && at + bytes.length > file.bytes.length) {
            throw new IOException("No space left on device");
        }
        Operation operation = new Operation((int) at, bytes);
        file.unforced.add(operation);
        operate();
        file.bytes = apply(operation, file.bytes);
    }

    synchronized void truncate(String path, long size) throws IOException {
        File file = file(path);
        if (size < file.bytes.length) {
            Operation operation = new Operation((int) size, null);
            file.unforced.add(operation);
            operate();
            file.bytes = apply(operation, file.bytes);
        }
    }

    synchronized void force(String path) throws IOException {
        File file = file(path);
        operate();
        if (failsForce) {
            failsForce = false;
            throw new IOException("Input/output error");
        }
        for (Operation operation : file.unforced) {
            file.durable = apply(operation, file.durable);
        }
        file.unforced.clear();
    }
}
