package dev.formwork.model.module;

/// What a runner executes. Scripts are never rendered: inputs reach them as environment variables
/// and as a JSON file.
public sealed interface Script {
    /// @param path below the module's folder, with `/`, without `..`; the file exists
    record FromFile(String path) implements Script {}

    record Inline(String text) implements Script {}
}
