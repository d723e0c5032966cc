package dev.formwork.provider;

import java.time.Duration;

/// Lets a machine be found by who stands before the rack: a light blinks. What [Capability] says
/// holds.
public interface Identify extends Capability {
    /// The longest time for which a light can be asked to blink: IPMI counts it in one byte of
    /// seconds.
    Duration LONGEST = Duration.ofSeconds(255);

    /// The light blinks, for about so long, and goes out by itself; with [Duration#ZERO] it goes
    /// out now. Disturbs nothing else. Idempotent: the later call wins.
    ///
    /// @param howLong in whole seconds, from zero to [#LONGEST]
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`;
    ///   `provider.unsupported` where this machine has no such light
    void identify(OperationToken token, InstanceRef ref, Duration howLong);
}
