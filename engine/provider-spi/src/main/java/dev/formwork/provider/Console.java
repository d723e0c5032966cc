package dev.formwork.provider;

/// What a machine prints on its console, by which one sees why it does not come up. What
/// [Capability] says holds.
public interface Console extends Capability {
    /// What the machine has printed since it was made, from an offset on. Bytes are counted over
    /// its boots; a place keeps the last of them, at least 256 KiB if there were as many.
    ///
    /// ```java
    /// ConsoleText text = console.read(ref, 0, 65536);
    /// ConsoleText more = console.read(ref, text.end(), 65536);
    /// ```
    ///
    /// Read-only: two who read see the same. What it holds comes from the machine and is hostile.
    ///
    /// @param offset of the first byte that is wanted, 0 or more; where the place keeps it no
    ///   longer the answer begins with the oldest that it has, and where nothing was printed there
    ///   yet the answer is empty
    /// @param most bytes in the answer, 1 or more
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    ConsoleText read(InstanceRef ref, long offset, int most);
}
