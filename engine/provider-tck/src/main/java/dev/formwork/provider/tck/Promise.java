package dev.formwork.provider.tck;

/// A promise of the contract that some places cannot keep.
public enum Promise {
    /// A `create` for a machine that has an instance under another token is refused.
    ONE_INSTANCE_PER_MACHINE,
    /// A `create` under the token of another machine is refused.
    ONE_MACHINE_PER_TOKEN,
    /// A [dev.formwork.provider.Console] has every byte as it was printed, also what is no UTF-8.
    EVERY_BYTE_OF_A_CONSOLE,
    /// The offsets of a [dev.formwork.provider.Console] count from when the machine was made,
    /// however much it prints, and the last 256 KiB are kept.
    OFFSETS_OF_A_CONSOLE
}
