package dev.formwork.workflow.engine;

import dev.formwork.model.boot.Strangers;

/// Which machines that boot from the network get the token to register with.
///
/// @param asks a person compares codes before a machine that is known gets its token, at each boot
/// @param strangers what becomes of a machine that nobody knows
public record BootPolicy(boolean asks, Strangers strangers) {
    public static final BootPolicy STANDARD = new BootPolicy(false, Strangers.HOLD);
}
