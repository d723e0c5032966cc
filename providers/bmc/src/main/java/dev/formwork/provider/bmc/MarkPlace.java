package dev.formwork.provider.bmc;

/// A short text that a controller keeps and that everybody who may log in sees, such as an asset
/// tag. What [ManagementController] says holds for both methods.
public interface MarkPlace {
    /// What is there; empty where nothing is. Read-only.
    String read();

    /// Puts a text there, or, with an empty one, takes it away.
    ///
    /// @param text at most 64 printable ASCII characters, or what [#read] said
    void write(String text);
}
