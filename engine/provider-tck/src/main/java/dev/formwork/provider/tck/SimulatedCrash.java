package dev.formwork.provider.tck;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The death of an engine in the middle of an operation, in a test. No code of a provider may catch
/// it.
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    public SimulatedCrash(String where) {
        super(where);
    }

    /// What a provider tells each of its steps before it takes it, and what lets it die.
    ///
    /// @param steps that are taken; the next one is not
    public static Consumer<String> after(int steps) {
        AtomicInteger taken = new AtomicInteger();
        return step -> {
            if (taken.getAndIncrement() >= steps) {
                throw new SimulatedCrash("before: " + step);
            }
        };
    }
}
