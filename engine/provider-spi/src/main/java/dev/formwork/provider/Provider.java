package dev.formwork.provider;

/// One configured place that machines come from: the local host, one cloud account, one rack of
/// management controllers. Thread-safe.
///
/// A provider keeps no truth of its own about machines: what it answers comes from the place
/// itself, so that a provider that is closed and opened again, or opened by two engines, answers
/// the same.
public interface Provider extends AutoCloseable {
    /// The name under which it was configured, such as `local` or `aws-frankfurt`.
    String name();

    /// What it offers; the same for as long as it is open.
    Capabilities capabilities();

    /// The capability of this kind.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.unsupported`, naming what is offered
    default <C extends Capability> C capability(Class<C> kind) {
        return capabilities().require(name(), kind);
    }

    /// Ends threads and connections; machines live on. Closing twice does no harm. Operations that
    /// start afterwards throw `provider.closed`.
    @Override
    void close();
}
