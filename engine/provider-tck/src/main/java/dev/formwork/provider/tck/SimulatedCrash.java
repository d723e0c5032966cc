package dev.formwork.provider.tck;

/// The death of an engine in the middle of an operation, in a test. No code of a provider may catch
/// it.
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    public SimulatedCrash(String where) {
        super(where);
    }
}
