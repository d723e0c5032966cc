package dev.formwork.boot.script;

/// Decides what a machine boots. Called each time that a machine asks, by several threads; may
/// wait.
@FunctionalInterface
public interface BootDecider {
    Decision decide(MachineIdentity machine);
}
