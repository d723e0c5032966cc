package dev.formwork.agent.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The programs of this machine.
public final class Programs {
    private Programs() {}

    /// @throws RunnerException `agent.runner-missing` where the `PATH` leads to no such program
    public static void need(String name, String hint) throws RunnerException {
        String path = System.getenv().getOrDefault("PATH", Runners.DEFAULT_PATH);
        boolean found =
                Arrays.stream(path.split(":", -1))
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if (!found) {
            throw new RunnerException(
                    "agent.runner-missing", "there is no " + name + " on this machine; " + hint);
        }
    }

    /// @throws RunnerException `agent.runner-missing` where this machine has no such program
    static void need(Path program) throws RunnerException {
        if (!Files.isExecutable(program)) {
            throw new RunnerException(
                    "agent.runner-missing", "there is no " + program + " on this machine");
        }
    }
}
