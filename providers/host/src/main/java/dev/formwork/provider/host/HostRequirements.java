package dev.formwork.provider.host;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the host has to have: Linux's `/proc`, and programs.
///
/// @param proc `/proc`
/// @param path the PATH
public record HostRequirements(HostCodes codes, Path proc, String path) {
    public static final String DEFAULT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// @throws ProblemException [HostCodes#needsLinux]
    public void linux() {
        if (!Files.isReadable(proc.resolve("self/environ"))
                || !Files.isReadable(proc.resolve("self/mountinfo"))
                || !Files.isReadable(proc.resolve("sys/kernel/random/boot_id"))) {
            throw ProblemException.of(
                    codes.needsLinux(),
                    ("the %s provider knows the processes of its machines by Linux's /proc,"
                                    + " which is not here")
                            .formatted(codes.type()),
                    "run the engine on Linux, or in a Linux container or virtual machine");
        }
    }

    /// @param programs by name, with where one gets it
    /// @throws ProblemException [HostCodes#missingProgram] for each
    public void programs(Map<String, String> programs) {
        List<Problem> missing = new ArrayList<>();
        programs.forEach((program, source) -> {
            if (!onPath(program)) {
                missing.add(
                        Problem.of(
                                codes.missingProgram(),
                                "the %s provider needs %s, which is not on the PATH"
                                        .formatted(codes.type(), program),
                                source));
            }
        });
        if (!missing.isEmpty()) {
            throw new ProblemException(missing);
        }
    }

    private boolean onPath(String program) {
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
