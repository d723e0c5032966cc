package dev.formwork.provider.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The processes of the host, as `/proc` shows them at this moment (proc(5)). Reads only;
/// thread-safe.
public final class ProcessTable {
    /// Where the fields after the command's name begin: `state` is the third of all.
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int FLAGS = 6;
    private static final int STARTED = 19;
    private static final int ENVIRONMENT_ENDS = 48;

    /// `PF_KTHREAD` of Linux (include/linux/sched.h).
    private static final long KERNEL_THREAD = 0x0020_0000;

    /// Together a second: an exec from a slow disk takes a part of that.
    private static final int MOST_LOOKS = 1_000;

    private static final long LOOKS_APART_NANOS = 1_000_000;

    private final Path proc;

    /// @param proc `/proc`
    public ProcessTable(Path proc) {
        this.proc = proc;
    }

    /// One process, told from a later one of the same number by its start.
    ///
    /// @param started in clock ticks since the host's boot
    /// @param environment as the program was started with; empty where we may not see it
    public record Entry(long pid, long parent, long started, Set<String> environment) {
        /// @param assignment `NAME=value`
        public boolean has(String assignment) {
            return environment.contains(assignment);
        }

        /// Whether it is the same process, though read at another time.
        public boolean is(Entry other) {
            return pid == other.pid && started == other.started;
        }
    }

    /// Every process that lives; no zombie.
    public List<Entry> all() {
        List<Entry> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                find(Long.parseLong(process.getFileName().toString())).ifPresent(found::add);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    /// Empty where there is none, or a zombie. A process that becomes another program at this
    /// moment (execve(2)) has no environment for an instant: that instant is waited out.
    ///
    /// @throws UncheckedIOException where it is there and can't be read, as without free file
    ///   descriptors: what can't be seen is not gone
    public Optional<Entry> find(long pid) {
        Path process = proc.resolve(Long.toString(pid));
        for (int look = 1; ; look++) {
            Optional<String[]> stat = stat(process).filter(fields -> !hasEnded(fields));
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            Optional<String> environ = environ(process);
            boolean nothingThere = environ.filter(String::isEmpty).isPresent();
            if (!nothingThere || look == MOST_LOOKS || hasNoEnvironment(stat.get())) {
                return Optional.of(entry(pid, stat.get(), environ.orElse("")));
            }
            LockSupport.parkNanos(LOOKS_APART_NANOS);
        }
    }

    private static Entry entry(long pid, String[] stat, String environ) {
        return new Entry(
                pid,
                Long.parseLong(stat[PARENT]),
                Long.parseLong(stat[STARTED]),
                environ.isEmpty() ? Set.of() : Set.copyOf(List.of(environ.split("\0", -1))));
    }

    private static boolean hasEnded(String[] stat) {
        return "ZXx".contains(stat[STATE]);
    }

    /// Whether the environment that was read, and that was empty, is all there is. Where it begins
    /// and ends is 0 for one that is not laid out yet, and also where we may not see it, but then
    /// it can't be read either. The kernel's own threads never have one.
    private static boolean hasNoEnvironment(String[] stat) {
        if (stat.length <= ENVIRONMENT_ENDS || (Long.parseLong(stat[FLAGS]) & KERNEL_THREAD) != 0) {
            return true;
        }
        String ends = stat[ENVIRONMENT_ENDS];
        return !ends.equals("0") && ends.equals(stat[ENVIRONMENT_ENDS - 1]);
    }

    /// The fields after the name; empty where there is no such process.
    private static Optional<String[]> stat(Path process) {
        try {
            String stat = read(process.resolve("stat"));
            // The name, in parentheses, may hold parentheses and blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
            return fields.length > STARTED ? Optional.of(fields) : Optional.empty();
        } catch (IOException failed) {
            if (Files.exists(process)) {
                throw new UncheckedIOException(failed);
            }
            return Optional.empty();
        }
    }

    /// Empty where we may not see it, or the process is gone.
    private static Optional<String> environ(Path process) {
        try {
            return Optional.of(read(process.resolve("environ")));
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    public boolean lives(Entry entry) {
        return find(entry.pid()).filter(entry::is).isPresent();
    }

    private static String read(Path file) throws IOException {
        // Not a channel: an interrupt would close it in the middle.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
