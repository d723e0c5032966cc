package dev.formwork.agent.protocol;

/// What a job may fill.
///
/// @param logBytes of log over all phases of an attempt; what comes after is dropped, and one line
///   says so
/// @param outputBytes of all outputs together
public record JobLimits(long logBytes, long outputBytes) {
    public JobLimits {
        if (logBytes < 0 || outputBytes < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
    }
}
