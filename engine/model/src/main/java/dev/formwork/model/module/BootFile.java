package dev.formwork.model.module;

/// A file that is made for each machine.
public sealed interface BootFile {
    Template content();

    /// Text (kickstart, preseed, cloud-init ...): what is inserted stands in one line, and what a
    /// machine has said of itself is one word.
    record Text(Template content) implements BootFile {}

    /// JSON (Ignition): whatever is inserted is a value in it, and nothing else.
    record Json(Template content) implements BootFile {}
}
