package dev.formwork.workflow.pool;

import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How a machine of a pool stands.
///
/// @param reason in words; empty where there is nothing to say
public record Standing(State state, String reason) {
    public enum State {
        FREE,
        /// Free for one cluster only.
        RESERVED,
        /// A cluster has it.
        TAKEN,
        /// It is being made, for the cluster that has it or to be kept ready.
        MAKING,
        CLEANING,
        /// Nobody gets it before a person has looked after it.
        DIRTY,
        /// It is nobody's, and its agent does not call.
        ABSENT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param machine one that the pool has
    public static Standing of(Machine machine, Instant now) {
        Optional<Pooled> part = machine.pooled();
        Optional<Machine.Placement> placement = machine.placement();
        if (placement.isPresent()) {
            boolean making =
                    machine.state() == Machine.State.REQUESTED
                            || machine.state() == Machine.State.BOOTING;
            return new Standing(
                    making ? State.MAKING : State.TAKEN,
                    (making ? "for " : "by ") + placement.get().cluster());
        }
        Pooled.Phase phase = part.map(Pooled::phase).orElse(Pooled.Phase.FREE);
        if (phase == Pooled.Phase.CLEANING) {
            return new Standing(State.CLEANING, part.orElseThrow().reason());
        }
        if (phase == Pooled.Phase.DIRTY) {
            return new Standing(State.DIRTY, part.orElseThrow().reason());
        }
        if (machine.home().isPresent()) {
            return new Standing(
                    State.DIRTY,
                    "it was in cluster " + machine.home().get() + " by its name, and not cleaned");
        }
        if (machine.state() == Machine.State.REQUESTED) {
            return new Standing(State.MAKING, part.map(Pooled::reason).orElse(""));
        }
        if (!isUp(machine)) {
            return new Standing(
                    State.ABSENT,
                    "its machine is " + machine.state().name().toLowerCase(Locale.ROOT));
        }
        return part.flatMap(Pooled::reserved)
                .filter(it -> !it.isOver(now))
                .map(it ->
                        new Standing(
                                State.RESERVED,
                                "for "
                                        + it.cluster()
                                        + it.until().map(at -> " until " + at).orElse("")))
                .orElseGet(() ->
                        new Standing(State.FREE, Pooled.isOff(machine) ? "switched off" : ""));
    }

    /// Whether a cluster may take it.
    ///
    /// @param machine one that the pool has
    public static boolean isFreeFor(String cluster, Machine machine, Instant now) {
        return switch (of(machine, now).state()) {
            case FREE -> true;
            case RESERVED -> isReservedFor(cluster, machine);
            case TAKEN, MAKING, CLEANING, DIRTY, ABSENT -> false;
        };
    }

    public static boolean isReservedFor(String cluster, Machine machine) {
        return machine.pooled()
                .flatMap(Pooled::reserved)
                .filter(it -> it.cluster().equals(cluster))
                .isPresent();
    }

    private static boolean isUp(Machine machine) {
        return machine.state() == Machine.State.READY
                || (machine.state() == Machine.State.UNREACHABLE && Pooled.isOff(machine));
    }
}
