package dev.formwork.bench.engines;

import dev.formwork.bench.agents.AgentsSizes;

import java.time.Duration;

/// How much is measured.
///
/// @param clusters each with its own run at the same time
/// @param agents all of them, in clusters of the same size
/// @param steps that each machine takes, one after the other
/// @param rounds of each throughput, after one that warms up
/// @param losses how often an engine is lost in each way
/// @param job how long a job takes while engines are lost
public record EnginesSizes(
        int clusters, int agents, int steps, int rounds, int losses, AgentsSizes.Jobs job) {
    public static final EnginesSizes STANDARD =
            new EnginesSizes(
                    12,
                    240,
                    10,
                    5,
                    5,
                    new AgentsSizes.Jobs("1 to 2 s", Duration.ofSeconds(1), Duration.ofSeconds(2)));

    public static final EnginesSizes QUICK =
            new EnginesSizes(
                    6,
                    24,
                    6,
                    1,
                    1,
                    new AgentsSizes.Jobs("1 to 2 s", Duration.ofSeconds(1), Duration.ofSeconds(2)));
}
