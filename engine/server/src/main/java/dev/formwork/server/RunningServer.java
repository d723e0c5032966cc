package dev.formwork.server;

import java.net.URI;
import java.util.Optional;

/// An engine that serves. Thread-safe.
public interface RunningServer extends AutoCloseable {
    /// Where it is called, such as `http://127.0.0.1:7474`.
    URI uri();

    /// Where it is called from other hosts, by TLS, if it listens there.
    Optional<URI> secureUri();

    /// Stops in order: takes no more calls, finishes and stores what was accepted, ends the
    /// engine's own agent, closes providers and the store. Machines, their agents and their jobs
    /// run on. Repeating it does no harm.
    @Override
    void close();
}
