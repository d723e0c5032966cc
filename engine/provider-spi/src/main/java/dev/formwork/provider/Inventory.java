package dev.formwork.provider;

/// What a machine is made of, as its management controller or its cloud says. What [Capability]
/// says holds.
public interface Inventory extends Capability {
    /// Parts, serial numbers, firmware. Also while the machine is off, where the place can say it
    /// then; what it does not say is left out.
    ///
    /// Read-only. What it holds comes from the machine and is hostile.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    MachineInventory inventory(InstanceRef ref);
}
