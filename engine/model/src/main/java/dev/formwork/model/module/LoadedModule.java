package dev.formwork.model.module;

/// A module with the folder it came from.
///
/// @param files everything in the folder: what is shipped to agents under `files.digest()`
/// @param codeDigest of what is executed (all files but `module.yaml`, `tests/` and documentation,
///   and inline scripts): what a fingerprint holds
public record LoadedModule(Module module, FileTree files, String codeDigest) {
    /// Locks a use of the module in a plan.
    public Lock lock() {
        return new Lock(module.name(), module.header().version(), files.digest());
    }

    /// @param digest of the module's folder, `sha256:` and 64 hex digits
    public record Lock(String name, String version, String digest) {}
}
