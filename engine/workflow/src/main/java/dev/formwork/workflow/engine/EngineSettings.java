package dev.formwork.workflow.engine;

import java.time.Duration;

/// The engine's limits.
///
/// @param lease how long an agent may be silent before its machine counts as unreachable; more than
///   twice a long poll
/// @param bootDeadline from the making of an instance until its agent has registered, and from a
///   reboot until it calls again
/// @param grace between TERM and KILL on the machine
/// @param reportGrace what a report may take beyond timeout and grace before the engine gives up
/// @param engineJobs how many jobs the engine's own agent is given at a time
/// @param providerAttempts how often a provider is asked before a retryable failure is final
/// @param providerBackoff before the second request; doubled each time, up to 2 minutes
/// @param interruptions how many attempts of one step may be lost to crashes before it fails
/// @param logBytes of one job that are kept
public record EngineSettings(
        Duration lease,
        Duration bootDeadline,
        Duration grace,
        Duration reportGrace,
        int engineJobs,
        int providerAttempts,
        Duration providerBackoff,
        int interruptions,
        long logBytes) {
    public static final EngineSettings STANDARD =
            new EngineSettings(
                    Duration.ofSeconds(90),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    4,
                    5,
                    Duration.ofSeconds(2),
                    10,
                    16L << 20);
}
