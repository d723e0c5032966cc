package dev.formwork.provider.ssh.connection;

import java.util.List;

/// What a script on a host said. It comes from the host and is hostile.
///
/// @param status with which the script ended
/// @param lines of its output
/// @param errors the beginning of what it said on stderr
public record Answer(int status, List<String> lines, String errors) {
    public Answer {
        lines = List.copyOf(lines);
    }
}
