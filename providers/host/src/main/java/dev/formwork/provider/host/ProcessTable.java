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

/// The processes of the host, as `/proc` shows them at this moment (proc(5)). Reads only;
/// thread-safe.
public final class ProcessTable {
    /// Where the fields after the command's name begin: `state` is the third of all.
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int STARTED = 19;

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

    /// Empty where there is none, or a zombie.
    public Optional<Entry> find(long pid) {
        Path process = proc.resolve(Long.toString(pid));
        String stat;
        try {
            stat = read(process.resolve("stat"));
        } catch (IOException gone) {
            return Optional.empty();
        }
        // The name, in parentheses, may hold parentheses and blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
        if (fields.length <= STARTED || "ZXx".contains(fields[STATE])) {
            return Optional.empty();
        }
        Set<String> environment;
        try {
            environment = Set.of();
            String environ = read(process.resolve("environ"));
            if (!environ.isEmpty()) {
                environment = Set.copyOf(List.of(environ.split("\0", -1)));
            }
        } catch (IOException notOurs) {
            environment = Set.of();
        }
        return Optional.of(
                new Entry(
                        pid,
                        Long.parseLong(fields[PARENT]),
                        Long.parseLong(fields[STARTED]),
                        environment));
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
