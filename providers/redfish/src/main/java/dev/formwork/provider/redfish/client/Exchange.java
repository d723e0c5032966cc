package dev.formwork.provider.redfish.client;

/// Sends one request and reads its answer. Thread-safe.
@FunctionalInterface
public interface Exchange {
    /// Of one answer; the longest that services give (a page of an event log) are a tenth of it.
    int MOST_BYTES = 8 << 20;

    /// @throws dev.formwork.model.ProblemException `provider.unavailable`, `provider.timeout`,
    ///   `provider.interrupted`, `redfish.untrusted`, `redfish.protocol`; what the service answers,
    ///   be it an error, is no exception
    Answer send(Call call);
}
