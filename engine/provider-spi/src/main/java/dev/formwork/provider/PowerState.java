package dev.formwork.provider;

/// Whether a machine has power.
public enum PowerState {
    ON,
    OFF,
    /// It is off, and nobody asked for that: it crashed, switched itself off, or its host was
    /// started anew. Where a place cannot tell, it says [#OFF]. The engine switches such a machine
    /// on again.
    LOST,
    /// The place cannot tell: it is between the two, or does not answer for this machine.
    UNKNOWN
}
