package dev.formwork.server.loop;

import java.time.Duration;

/// Told what the loop does, for the metrics. Called by the loop's threads; returns at once.
public interface LoopMetrics {
    LoopMetrics NONE =
            new LoopMetrics() {
                @Override
                public void stepped(int transitions) {}

                @Override
                public void committed(int changes, Duration latency) {}
            };

    void stepped(int transitions);

    /// @param latency from the call of the store until it said that the changes are durable
    void committed(int changes, Duration latency);
}
