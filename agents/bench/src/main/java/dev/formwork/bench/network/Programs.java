package dev.formwork.bench.network;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of the host.
public final class Programs {
    /// Where servers are, which not everybody's `PATH` has.
    private static final List<String> OF_SERVERS = List.of("/usr/sbin", "/sbin");

    private Programs() {}

    /// What to do where a program is missing; empty where it is not.
    ///
    /// @param debianPackage that it is in
    public static Optional<String> missing(String program, String debianPackage) {
        boolean isThere =
                Stream.concat(
                                Arrays.stream(
                                        Optional.ofNullable(System.getenv("PATH"))
                                                .orElse("")
                                                .split(File.pathSeparator, -1)),
                                OF_SERVERS.stream())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        return isThere
                ? Optional.empty()
                : Optional.of("there is no " + program + " (Debian: " + debianPackage + ")");
    }
}
