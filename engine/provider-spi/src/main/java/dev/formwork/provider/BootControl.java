package dev.formwork.provider;

/// Says what a machine boots from. What [Capability] says holds for each method; nothing here
/// starts, stops or disturbs a machine.
public interface BootControl extends Capability {
    /// What is set.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    BootSetting bootSetting(InstanceRef ref);

    /// From the next boot on the machine looks at this device first. What was set by [#bootOnce]
    /// and is not used up stays set. Idempotent.
    ///
    /// @throws dev.formwork.model.ProblemException as [#bootSetting], and `provider.conflict` where
    ///   the instance is half-made or being deleted
    void bootAlways(OperationToken token, InstanceRef ref, BootDevice device);

    /// The next time that [PowerControl] starts or resets the machine it looks at this device
    /// first, that one time. Places differ in whether a reboot that the machine makes by itself
    /// before then counts, too. Idempotent for as long as it is not used up; the later call wins.
    ///
    /// @throws dev.formwork.model.ProblemException as [#bootAlways]
    void bootOnce(OperationToken token, InstanceRef ref, BootDevice device);
}
