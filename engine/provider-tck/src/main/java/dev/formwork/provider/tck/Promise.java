package dev.formwork.provider.tck;

/// A promise of the contract that some places cannot keep.
public enum Promise {
    /// A `create` for a machine that has an instance under another token is refused.
    ONE_INSTANCE_PER_MACHINE,
    /// A `create` under the token of another machine is refused.
    ONE_MACHINE_PER_TOKEN
}
