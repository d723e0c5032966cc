package dev.formwork.provider.local;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the host has to have: Linux's `/proc`, and the programs that the scripts call.
final class HostRequirements {
    private static final List<String> PROGRAMS =
            List.of("setsid", "flock", "env", "grep", "tr", "cat", "mv", "rm", "sleep");

    private HostRequirements() {}

    /// @throws ProblemException `local.needs-linux`, or `local.missing-program` for each
    static void check(Path proc, String path) {
        if (!Files.isReadable(proc.resolve("self/environ"))
                || !Files.isReadable(proc.resolve("self/mountinfo"))
                || !Files.isReadable(proc.resolve("sys/kernel/random/boot_id"))) {
            throw ProblemException.of(
                    "local.needs-linux",
                    "the local provider knows the processes of its machines by Linux's /proc,"
                            + " which is not here",
                    "run the engine on Linux, or in a Linux container or virtual machine");
        }
        List<Problem> missing = new ArrayList<>();
        for (String program : PROGRAMS) {
            if (!onPath(program, path)) {
                missing.add(
                        Problem.of(
                                "local.missing-program",
                                "the local provider needs %s, which is not on the PATH"
                                        .formatted(program),
                                "it is in util-linux, coreutils or grep, or in BusyBox"));
            }
        }
        if (!missing.isEmpty()) {
            throw new ProblemException(missing);
        }
    }

    private static boolean onPath(String program, String path) {
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
