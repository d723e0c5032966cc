package dev.formwork.agent.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Knows how a script of one kind is executed. Found by [java.util.ServiceLoader]: a jar on the
/// agent's class path can bring more. Stateless and thread-safe.
public interface Runner {
    /// What modules call it in `runner:`.
    String name();

    /// The command that executes a script. It runs in the job's working directory with the job's
    /// environment; its exit code is the script's.
    ///
    /// @param script an existing file, which need not be executable
    /// @throws RunnerMissingException where this machine lacks what it takes
    List<String> command(Path script) throws IOException, RunnerMissingException;
}
