package dev.formwork.agent.job;

import java.util.Optional;

/// One line of `/proc/PID/stat` (proc_pid_stat(5)).
///
/// @param state one letter
/// @param session id of the process that made the session
/// @param startTicks when it started, in clock ticks since the boot: with the id, names a process
record ProcessStat(long pid, char state, long session, long startTicks) {
    static Optional<ProcessStat> parse(String line) {
        // The name in parentheses can hold anything, parentheses too.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) {
            return Optional.empty();
        }
        String[] fields = line.substring(close + 1).strip().split(" +", -1);
        if (fields.length < 20 || fields[0].length() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ProcessStat(
                            Long.parseLong(line.substring(0, open).strip()),
                            fields[0].charAt(0),
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[19])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// Not a zombie, and not about to go.
    boolean isAlive() {
        return state != 'Z' && state != 'X' && state != 'x';
    }

    boolean isSameAs(ProcessStat other) {
        return pid == other.pid && startTicks == other.startTicks;
    }
}
