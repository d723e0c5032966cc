package dev.formwork.agent.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The processes of this machine, as `/proc` shows them. Thread-safe.
final class ProcessTable {
    private final Path proc;

    ProcessTable(Path proc) {
        this.proc = proc;
    }

    static ProcessTable ofThisMachine() {
        return new ProcessTable(Path.of("/proc"));
    }

    /// The process with that id, dead ones that nobody has reaped included.
    Optional<ProcessStat> process(long pid) {
        try {
            return ProcessStat.parse(
                    Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The living members of a session.
    List<ProcessStat> session(long session) throws IOException {
        List<ProcessStat> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                process(Long.parseLong(process.getFileName().toString()))
                        .filter(stat -> stat.session() == session && stat.isAlive())
                        .ifPresent(members::add);
            }
        }
        return members;
    }

    /// The environment a process was started with, as `NAME=value` between NULs; empty where it has
    /// none, or is gone.
    String environment(long pid) {
        try {
            return Files.readString(proc.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
