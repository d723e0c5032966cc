package dev.formwork.agent.protocol;

/// The answer to bytes of a log.
///
/// @param next the offset that the engine wants next: as many bytes as it has
public record LogAck(long next) {
    public LogAck {
        if (next < 0) {
            throw new IllegalArgumentException("next is negative");
        }
    }
}
