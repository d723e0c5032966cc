package dev.formwork.agent.host;

import java.io.IOException;

/// The way to a host, which it prints as, for messages. Thread-safe.
public interface HostShell {
    /// Runs a script in `/bin/sh` when all of it has arrived. Nothing of it is on a command line.
    /// What it says is text of at most 1 MiB.
    ///
    /// @throws java.io.InterruptedIOException where the thread was interrupted
    /// @throws HostAnswerTooLongException where it says more
    /// @throws IOException where the host did not answer: whether the script was run is not known
    HostAnswer run(String script) throws IOException;
}
