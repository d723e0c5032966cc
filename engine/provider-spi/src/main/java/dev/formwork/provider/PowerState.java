package dev.formwork.provider;

/// Whether a machine has power.
public enum PowerState {
    ON,
    OFF,
    /// The place cannot tell: it is between the two, or does not answer for this machine.
    UNKNOWN
}
