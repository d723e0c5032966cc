package dev.formwork.boot.script;

/// What a machine is to do.
public sealed interface Decision {
    record Environment(BootEnvironment environment) implements Decision {}

    /// It has a system, and nothing is to be done.
    record LocalDisk() implements Decision {}

    /// @param reason for the machine's console; may hold hostile text
    record Refuse(String reason) implements Decision {}
}
