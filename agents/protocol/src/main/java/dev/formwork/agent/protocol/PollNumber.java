package dev.formwork.agent.protocol;

import java.util.Objects;
import java.util.regex.Pattern;

/// Which of an agent's polls it is: one that arrives after a newer one says nothing any more.
///
/// @param process of the agent: letters, digits and `-`, made up when it starts
/// @param count rises with each poll of that process
public record PollNumber(String process, long count) {
    private static final Pattern PROCESS = Pattern.compile("[0-9A-Za-z-]{1,64}");

    public PollNumber {
        Objects.requireNonNull(process, "process");
        if (!PROCESS.matcher(process).matches()) {
            throw new IllegalArgumentException("process is no identifier");
        }
        if (count < 0) {
            throw new IllegalArgumentException("count is negative");
        }
    }
}
