package dev.formwork.agent.runner;

import dev.formwork.agent.transport.UnwantedException;

import java.io.IOException;
import java.util.List;

/// Knows how a script of one kind is executed. Found by [java.util.ServiceLoader]: a jar on the
/// agent's class path can bring more. Thread-safe.
public interface Runner {
    /// What modules call it in `runner:`.
    String name();

    /// Whether a script is a folder of the module, and not a file.
    default boolean takesFolders() {
        return false;
    }

    /// The command that executes a script. It runs in the job's working directory with the job's
    /// environment; its exit code is the script's. Brings onto the machine what that takes, such as
    /// an image; may be asked again for the same script.
    ///
    /// @throws RunnerException where this machine lacks what it takes
    /// @throws UnwantedException where the job became unwanted meanwhile
    List<String> command(Launch launch)
            throws IOException, RunnerException, UnwantedException, InterruptedException;
}
