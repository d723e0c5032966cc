package dev.formwork.workflow.simulation;

import java.time.Duration;

/// What goes wrong, until it stops: then everything is up and all messages arrive.
///
/// @param lost share of messages that never arrive
/// @param doubled share of messages that arrive twice
/// @param late share of messages that take seconds
/// @param writes share of the store's transactions that go wrong, where most of them do
/// @param outages how many crashes and partitions there are
/// @param restored the store is lost once, and restored from a backup made some time before
record Chaos(
        double lost,
        double doubled,
        double late,
        double writes,
        int outages,
        Duration until,
        boolean restored) {
    static final Chaos CALM = new Chaos(0, 0, 0, 0, 0, Duration.ZERO, false);
    static final Chaos STORM = new Chaos(0.08, 0.15, 0.08, 0.02, 24, Duration.ofMinutes(8), false);
    static final Chaos LOSS = new Chaos(0.08, 0.15, 0.08, 0.02, 12, Duration.ofMinutes(8), true);
}
