package dev.formwork.workflow.machine;

import java.time.Instant;

/// A boot of a machine that asked for the token to register with.
///
/// @param nonceHash SHA-256 of what that boot made up for itself, hex
/// @param at when it asked last
public record BootClaim(String nonceHash, Instant at, State state) {
    /// How far it is with its token.
    public enum State {
        /// A person is to compare the codes.
        HELD,
        /// A person has; it gets its token when it asks again.
        APPROVED,
        /// It has the token.
        GRANTED
    }

    private static final int HALF = 4;

    /// What the machine's console shows as well, such as `1a2b-3c4d`.
    public String code() {
        return nonceHash.substring(0, HALF) + "-" + nonceHash.substring(HALF, 2 * HALF);
    }

    BootClaim with(State next) {
        return new BootClaim(nonceHash, at, next);
    }
}
