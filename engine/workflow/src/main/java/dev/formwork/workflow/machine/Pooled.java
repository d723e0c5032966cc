package dev.formwork.workflow.machine;

import dev.formwork.model.RunId;

import java.time.Instant;
import java.util.Optional;

/// A machine's part in a pool. One that a cluster has not taken, that nobody reserved and that
/// never came back from a cluster needs none: it belongs to whichever pool wants it.
///
/// @param pool the one that made it, that it was taken from last, or for which it is reserved
/// @param made the pool had it made: it belongs to that pool only
/// @param name its own, which it bears while it is in no cluster
/// @param reason of a machine that is DIRTY, or can't be made: what went wrong
/// @param cleaner the run that cleans it, or could not
/// @param off its provider has switched it off, and switches it on for whoever takes it
public record Pooled(
        String pool,
        boolean made,
        String name,
        Phase phase,
        String reason,
        Optional<RunId> cleaner,
        boolean off,
        Optional<Reservation> reserved) {

    public enum Phase {
        /// May be taken.
        FREE,
        /// A cluster has it.
        TAKEN,
        /// It came back, and is being made ready for the next.
        CLEANING,
        /// That did not work: nobody gets it before a person has looked after it.
        DIRTY
    }

    /// Kept free for a cluster.
    ///
    /// @param until free for others from then on; empty for as long as nobody says otherwise
    public record Reservation(String cluster, Optional<Instant> until) {
        /// Whether it counts no more.
        public boolean isOver(Instant now) {
            return until.filter(at -> !at.isAfter(now)).isPresent();
        }
    }

    /// A machine that has no part in any pool so far.
    public static Pooled free(String pool, String name) {
        return new Pooled(
                pool, false, name, Phase.FREE, "", Optional.empty(), false, Optional.empty());
    }

    /// Whether a machine's provider has switched it off, and nobody has had it switched on again.
    public static boolean isOff(Machine machine) {
        return machine.pooled().filter(Pooled::off).isPresent();
    }

    /// The same of one that the pool has had made.
    public Pooled madeByPool() {
        return new Pooled(pool, true, name, phase, reason, cleaner, off, reserved);
    }

    public Pooled takenFrom(String by) {
        return new Pooled(by, made, name, Phase.TAKEN, "", Optional.empty(), off, Optional.empty());
    }

    public Pooled in(Phase next, String why) {
        return new Pooled(pool, made, name, next, why, cleaner, off, reserved);
    }

    public Pooled named(String own) {
        return new Pooled(pool, made, own, phase, reason, cleaner, off, reserved);
    }

    public Pooled switched(boolean nowOff) {
        return new Pooled(pool, made, name, phase, reason, cleaner, nowOff, reserved);
    }

    public Pooled reservedIn(String by, Reservation next) {
        return new Pooled(by, made, name, phase, reason, cleaner, off, Optional.of(next));
    }

    public Pooled withoutReservation() {
        return new Pooled(pool, made, name, phase, reason, cleaner, off, Optional.empty());
    }

    public Pooled cleanedBy(Optional<RunId> run) {
        return new Pooled(pool, made, name, phase, reason, run, off, reserved);
    }
}
