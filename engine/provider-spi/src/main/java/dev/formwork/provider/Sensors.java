package dev.formwork.provider;

import java.util.List;

/// What a machine measures about itself. What [Capability] says holds.
public interface Sensors extends Capability {
    /// All sensors, each as it was read last; in the order in which the place names them. Many are
    /// without a value while the machine is off.
    ///
    /// Read-only; may take many seconds. What it holds comes from the machine and is hostile.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    List<SensorReading> sensors(InstanceRef ref);
}
