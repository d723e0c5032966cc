package dev.formwork.server.boot;

import dev.formwork.model.MachineId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
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
    private record Boots(Optional<String> bootId, Deque<Instant> at) {}

    /// A machine is about to boot what leads to its agent.
    ///
    /// @param bootId of the boot in which its agent registered last
    /// @return whether it may; else it is in a loop
    boolean mayBoot(MachineId machine, Optional<String> bootId, Instant now) {
        boolean[] may = new boolean[1];
        machines.compute(
                machine,
                (_, known) -> {
                    Boots boots =
                            known == null || !known.bootId.equals(bootId)
                                    ? new Boots(bootId, new ArrayDeque<>())
                                    : known;
                    while (!boots.at.isEmpty() && boots.at.getFirst().plus(WINDOW).isBefore(now)) {
                        boots.at.removeFirst();
                    }
                    may[0] = boots.at.size() < MOST;
                    if (may[0]) {
                        boots.at.addLast(now);
                    }
                    return boots;
                });
        return may[0];
    }
}
