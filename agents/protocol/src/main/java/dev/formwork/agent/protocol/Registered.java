package dev.formwork.agent.protocol;

import java.util.Objects;

/// The answer to [Register].
///
/// @param machineName for people and scripts
/// @param engineId whose machine it is
/// @param pollSeconds how long a poll may wait
public record Registered(String machineId, String machineName, String engineId, int pollSeconds) {
    public Registered {
        Objects.requireNonNull(machineId, "machineId");
        Objects.requireNonNull(machineName, "machineName");
        Objects.requireNonNull(engineId, "engineId");
        if (pollSeconds < 0) {
            throw new IllegalArgumentException("pollSeconds is negative");
        }
    }
}
