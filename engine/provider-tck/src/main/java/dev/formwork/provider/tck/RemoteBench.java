package dev.formwork.provider.tck;

import java.time.Duration;
import java.util.Optional;

/// A place that is spoken to over HTTP.
///
/// What it opens waits by its [#pauses] (see [dev.formwork.provider.Retries]), and not long for an
/// answer (half a second, say): some calls are never answered.
public interface RemoteBench extends ProviderBench {
    /// Through which every call of the providers goes, those for tokens and sessions too.
    FaultyHttpServer server();

    RecordedPauses pauses();

    /// Whether `find` and `list` ask the place. Where whose its things are is kept elsewhere they
    /// do not, and nothing that fails there keeps them from answering.
    default boolean isAskedByLooks() {
        return true;
    }

    /// The time in the server's answer to a call that is THROTTLED; empty where this kind of place
    /// never says one.
    default Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
