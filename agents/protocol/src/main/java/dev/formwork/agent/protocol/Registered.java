package dev.formwork.agent.protocol;

import java.util.List;
import java.util.Objects;

/// The answer to [Register].
///
/// @param machineName for people and scripts
/// @param engineId whose machine it is
/// @param pollSeconds how long a poll may wait
/// @param engines URLs at which agents reach the engines of this store; empty where nothing is said
public record Registered(
        String machineId,
        String machineName,
        String engineId,
        int pollSeconds,
        List<String> engines) {
    public Registered {
        Objects.requireNonNull(machineId, "machineId");
        Objects.requireNonNull(machineName, "machineName");
        Objects.requireNonNull(engineId, "engineId");
        engines = engines == null ? List.of() : List.copyOf(engines);
        if (pollSeconds < 0) {
            throw new IllegalArgumentException("pollSeconds is negative");
        }
    }

    /// What lasts: where the engines are changes while the machine stays what it is.
    public Registered withoutEngines() {
        return new Registered(machineId, machineName, engineId, pollSeconds, List.of());
    }
}
