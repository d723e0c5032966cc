package dev.formwork.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// What runs on this host, by what `/proc` says of the environment and the command it was started
/// with.
final class HostProcesses {
    private HostProcesses() {}

    /// Processes with one of these `NAME=value` in their environment.
    static List<Long> withVariable(Collection<String> variables) {
        return matching("environ", parts -> parts.stream().anyMatch(variables::contains));
    }

    /// Processes that have a file or directory below this one in their environment or command.
    static List<Long> mentioning(Path directory) {
        String text = directory.toString();
        List<Long> found = new ArrayList<>();
        for (String file : List.of("environ", "cmdline")) {
            found.addAll(
                    matching(file, parts -> parts.stream().anyMatch(part -> part.contains(text))));
        }
        return found.stream().distinct().toList();
    }

    /// The process of a machine whose command line has this program.
    static List<Long> ofMachine(String machineId, String program) {
        List<Long> running =
                matching(
                        "cmdline",
                        parts -> parts.stream().anyMatch(part -> part.endsWith(program)));
        return withVariable(List.of("FORMWORK_MACHINE_ID=" + machineId)).stream()
                .filter(running::contains)
                .toList();
    }

    private static List<Long> matching(String file, Predicate<List<String>> wanted) {
        List<Long> found = new ArrayList<>();
        long own = ProcessHandle.current().pid();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != own && wanted.test(read(process.resolve(file)))) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static List<String> read(Path file) {
        try {
            return List.of(
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException _) {
            return List.of(); // Gone by now, or somebody else's.
        }
    }
}
