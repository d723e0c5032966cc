package dev.formwork.agent.host;

import java.util.List;

/// What a script on a host said. It comes from the host and is hostile.
///
/// @param status with which the script ended
/// @param lines of its output
/// @param errors what it said on stderr, or the beginning of that
public record HostAnswer(int status, List<String> lines, String errors) {
    public HostAnswer {
        lines = List.copyOf(lines);
    }
}
