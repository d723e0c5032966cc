package dev.formwork.provider;

/// Switches machines on and off. What [Capability] says holds for each method.
public interface PowerControl extends Capability {
    /// Whether the machine is on.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    PowerState power(InstanceRef ref);

    /// Switches the machine on; one that is on is left alone. **Returns** when it is on, which is
    /// before it is up. Idempotent.
    ///
    /// @throws dev.formwork.model.ProblemException as [#power], and `provider.conflict` where the
    ///   instance is half-made or being deleted
    void powerOn(OperationToken token, InstanceRef ref);

    /// Switches the machine off: what runs on it is asked to end, and after a while ended. It stays
    /// off, over restarts of the engine and of the host too, until [#powerOn]. **Returns** when it
    /// is off. Idempotent.
    ///
    /// @throws dev.formwork.model.ProblemException as [#powerOn], and `provider.partial` where
    ///   something does not end
    void powerOff(OperationToken token, InstanceRef ref);

    /// Starts the machine anew at once, as its reset button does: what runs on it is not asked.
    /// **Returns** when it is on its way. A repeat may reset it once more; where a call was cut
    /// short only a repeat says that the machine runs.
    ///
    /// @throws dev.formwork.model.ProblemException as [#powerOn], and `provider.conflict` where the
    ///   machine is off
    void reset(OperationToken token, InstanceRef ref);
}
