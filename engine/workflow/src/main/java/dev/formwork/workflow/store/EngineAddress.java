package dev.formwork.workflow.store;

import java.net.URI;
import java.util.Optional;

/// Where an engine is.
///
/// @param local plain HTTP, on the loopback of its own host
/// @param secure TLS under the CA of the engines of its store, where it listens for other hosts
public record EngineAddress(URI local, Optional<URI> secure) {
    /// One that listens on the loopback only.
    public static EngineAddress onLoopback(URI local) {
        return new EngineAddress(local, Optional.empty());
    }

    /// Where those call it who may be on another host. An engine without TLS can only be on this
    /// one.
    public URI forOthers() {
        return secure.orElse(local);
    }
}
