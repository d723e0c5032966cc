package dev.formwork.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs of this host.
///
/// @param path as in `PATH`
record HostPrograms(String path) {
    private static final int SHOWN = 500;

    boolean has(String program) {
        return find(program).isPresent();
    }

    /// Where it is: the first of that name.
    Optional<Path> find(String program) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// How a program has ended.
    ///
    /// @param said the end of what it printed, on both streams
    record Ended(int status, String said) {}

    /// Runs one to its end.
    ///
    /// @param more variables beside our own
    static Ended run(Path directory, List<String> command, Map<String, String> more)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(more);
        Process process = builder.start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new Ended(process.waitFor(), said.substring(Math.max(0, said.length() - SHOWN)));
    }
}
