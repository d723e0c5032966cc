package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;

import java.time.Instant;

/// What is known of one address.
///
/// @param client who has it, had it, or said that it is taken
/// @param until when it is free again; for a released one, since when
/// @param hostName what the client calls itself: hostile text, at most 255 characters
public record Lease(Ipv4 address, ClientKey client, State state, Instant until, String hostName) {
    /// What an address is used for.
    public enum State {
        /// Offered, and kept for that client for half a minute. Never in a book.
        OFFERED,
        BOUND,
        /// Given back; the client gets it again if it is still there.
        RELEASED,
        /// Somebody else uses it, as the client or our own probe found out.
        DECLINED
    }

    boolean isTaken(Instant now) {
        return state != State.RELEASED && until.isAfter(now);
    }

    boolean isBound(Instant now) {
        return state == State.BOUND && until.isAfter(now);
    }
}
