package dev.formwork.agent.host;

import dev.formwork.agent.runner.OwnScript;

/// Functions for a POSIX shell on a host, for scripts that begin with them.
public final class ShellFunctions {
    /// What is known of processes: `stat_of`, `start_in` and `start_of`.
    public static final String PROCESSES = OwnScript.text(ShellFunctions.class, "processes.sh");

    private ShellFunctions() {}
}
