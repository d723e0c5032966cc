package dev.formwork.provider;

/// Told before each step by which an operation changes its place: where it may be cancelled, and
/// where a test lets the engine die.
@FunctionalInterface
public interface Steps {
    /// @throws dev.formwork.model.ProblemException `provider.interrupted`, instead of the step
    void next(String step);

    /// Stops where the thread was interrupted.
    static void unlessInterrupted(String step) {
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted before: " + step, "ask again under the same token");
        }
    }
}
