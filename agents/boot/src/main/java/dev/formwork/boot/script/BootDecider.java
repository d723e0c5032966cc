package dev.formwork.boot.script;

/// Decides what a machine boots. Called each time that a machine asks, by several threads; may
/// wait.
@FunctionalInterface
public interface BootDecider {
    /// @param server where the machine has reached us by HTTP: host and port, as in a URL
    Decision decide(MachineIdentity machine, String server);
}
