package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// Asks for work, and tells what is being done.
///
/// @param number which of its agent's polls it is; null of an agent that does not count them
/// @param running every job whose result is not acknowledged; renews its lease
/// @param waitSeconds how long the engine may hold the call
public record Poll(
        String agentVersion,
        String bootId,
        @Nullable PollNumber number,
        List<RunningJob> running,
        int waitSeconds) {
    public Poll {
        Objects.requireNonNull(agentVersion, "agentVersion");
        Objects.requireNonNull(bootId, "bootId");
        running = running == null ? List.of() : List.copyOf(running);
        if (waitSeconds < 0) {
            throw new IllegalArgumentException("waitSeconds is negative");
        }
    }

    /// The same, but held for no longer than that.
    public Poll waitingAtMost(int seconds) {
        return new Poll(agentVersion, bootId, number, running, Math.min(waitSeconds, seconds));
    }
}
