package dev.formwork.bench.agents;

import java.time.Duration;
import java.util.List;

/// How much is measured.
///
/// @param agents that work
/// @param steps that each machine takes, one after the other
/// @param loads what their jobs are like: a run each
/// @param idle agents that only wait
public record AgentsSizes(int agents, int steps, List<Jobs> loads, int idle) {
    /// At 4 s a job, 1,000 agents start 250 in a second.
    public static final AgentsSizes STANDARD =
            new AgentsSizes(
                    1_000,
                    10,
                    List.of(
                            Jobs.EMPTY,
                            new Jobs("2 to 6 s", Duration.ofSeconds(2), Duration.ofSeconds(6))),
                    10_000);

    public static final AgentsSizes QUICK =
            new AgentsSizes(
                    50,
                    4,
                    List.of(
                            Jobs.EMPTY,
                            new Jobs(
                                    "0.1 to 0.3 s",
                                    Duration.ofMillis(100),
                                    Duration.ofMillis(300))),
                    200);

    public AgentsSizes {
        loads = List.copyOf(loads);
    }

    /// How long a job takes: evenly between two times.
    ///
    /// @param name for people
    public record Jobs(String name, Duration least, Duration most) {
        /// Take no time.
        public static final Jobs EMPTY = new Jobs("empty", Duration.ZERO, Duration.ZERO);
    }
}
