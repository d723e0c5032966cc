package dev.formwork.agent.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Executes a script with `python3`, unbuffered, so that its log is seen as it is written.
public final class PythonRunner implements Runner {
    @Override
    public String name() {
        return "python";
    }

    @Override
    public List<String> command(Path script) throws RunnerMissingException {
        String path = System.getenv().getOrDefault("PATH", Runners.DEFAULT_PATH);
        boolean found =
                Arrays.stream(path.split(":", -1))
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        if (!found) {
            throw new RunnerMissingException(
                    "agent.runner-missing", "there is no python3 on this machine");
        }
        return List.of("python3", "-u", script.toString());
    }
}
