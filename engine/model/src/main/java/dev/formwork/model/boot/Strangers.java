package dev.formwork.model.boot;

/// What becomes of a machine that boots and that nobody knows.
public enum Strangers {
    /// It gets nothing.
    REFUSE,
    /// It registers and reports its facts, and a person approves it before it is given work.
    HOLD,
    /// It is a machine like any other.
    ADMIT
}
