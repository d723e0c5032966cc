package dev.formwork.provider;

import java.util.List;

/// What a machine's hardware has noted about itself. What [Capability] says holds.
public interface EventLog extends Capability {
    /// The newest entries, oldest first.
    ///
    /// Read-only. What it holds comes from the machine and is hostile.
    ///
    /// @param most entries in the answer, 1 or more
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    List<HardwareEvent> events(InstanceRef ref, int most);
}
