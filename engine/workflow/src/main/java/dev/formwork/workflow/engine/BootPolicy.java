package dev.formwork.workflow.engine;

/// Which machines that boot from the network get the token to register with.
///
/// @param asks a person compares codes before a machine that is known gets its token, at each boot
/// @param strangers what becomes of a machine that nobody knows
public record BootPolicy(boolean asks, Strangers strangers) {
    public static final BootPolicy STANDARD = new BootPolicy(false, Strangers.HOLD);

    /// What becomes of a machine that nobody knows.
    public enum Strangers {
        /// It gets nothing.
        REFUSE,
        /// It registers and reports its facts, and a person approves it before it is given work.
        HOLD,
        /// It is a machine like any other.
        ADMIT
    }
}
