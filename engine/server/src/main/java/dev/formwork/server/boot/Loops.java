package dev.formwork.server.boot;

import dev.formwork.model.MachineId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Notices machines that boot again and again without their agent ever registering. Thread-safe.
final class Loops {
    /// How often a machine may boot in vain.
    static final int MOST = 5;

    /// Within this time; one that was stopped may try once more when the oldest is so long ago.
    static final Duration WINDOW = Duration.ofMinutes(30);

    private final Map<MachineId, Boots> machines = new ConcurrentHashMap<>();

    /// The boots since the last that registered.
    private record Boots(Optional<String> bootId, List<Instant> at) {}

    /// Whether it has booted as often as it may; nothing is counted.
    boolean isStopped(MachineId machine, Optional<String> bootId, Instant now) {
        Boots known = machines.get(machine);
        return known != null
                && known.bootId.equals(bootId)
                && known.at.size() >= MOST
                && !known.at.getFirst().plus(WINDOW).isBefore(now);
    }

    /// A machine is about to boot what leads to its agent.
    ///
    /// @param bootId of the boot in which its agent registered last
    /// @return whether it may; else it is in a loop
    boolean mayBoot(MachineId machine, Optional<String> bootId, Instant now) {
        boolean[] may = new boolean[1];
        machines.compute(
                machine,
                (_, known) -> {
                    List<Instant> at = new ArrayList<>();
                    if (known != null && known.bootId.equals(bootId)) {
                        at.addAll(known.at);
                    }
                    at.removeIf(boot -> boot.plus(WINDOW).isBefore(now));
                    may[0] = at.size() < MOST;
                    if (may[0]) {
                        at.add(now);
                    }
                    return new Boots(bootId, List.copyOf(at));
                });
        return may[0];
    }
}
