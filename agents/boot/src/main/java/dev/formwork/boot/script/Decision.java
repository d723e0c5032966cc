package dev.formwork.boot.script;

/// What a machine is to do.
public sealed interface Decision {
    record Boot(LinuxBoot linux) implements Decision {}

    /// It has a system, and nothing is to be done.
    record LocalDisk() implements Decision {}

    /// What it boots is on its way to us: it asks again in some seconds.
    ///
    /// @param reason for the machine's console
    record Wait(String reason) implements Decision {}

    /// @param reason for the machine's console; may hold hostile text
    record Refuse(String reason) implements Decision {}
}
