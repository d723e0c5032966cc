package dev.formwork.agent.job;

import dev.formwork.agent.pace.Signal;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/// What others want of a running job. The first reason stays, but that nobody wants a report any
/// more outweighs the others; a grace can only become shorter. Thread-safe.
final class StopRequest {
    private final Signal signal;
    private @Nullable StopReason reason;
    private Duration grace;

    /// @param signal raised with each request
    /// @param grace of the job itself
    StopRequest(Signal signal, Duration grace) {
        this.signal = signal;
        this.grace = grace;
    }

    /// Asks for the end.
    ///
    /// @return whether that was news
    synchronized boolean ask(StopReason why) {
        return ask(why, grace);
    }

    synchronized boolean ask(StopReason why, Duration ownGrace) {
        boolean unwanted = reason != null && reason.outcome() == null;
        if (unwanted || (reason != null && why.outcome() != null)) {
            return shorten(ownGrace);
        }
        reason = why;
        grace = ownGrace;
        signal.raise();
        return true;
    }

    private boolean shorten(Duration ownGrace) {
        if (ownGrace.compareTo(grace) >= 0) {
            return false;
        }
        grace = ownGrace;
        signal.raise();
        return true;
    }

    synchronized Optional<StopReason> reason() {
        return Optional.ofNullable(reason);
    }

    /// Between TERM and KILL.
    synchronized Duration grace() {
        return grace;
    }

    /// Whether the job is to end, or not to start.
    synchronized boolean isAsked() {
        return reason != null;
    }

    /// Whether nobody wants to know how the job ends.
    synchronized boolean isReportUnwanted() {
        return reason != null && reason.outcome() == null;
    }
}
