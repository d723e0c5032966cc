package dev.formwork.server.boot;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where a boot server finds the engines, and what opens them.
///
/// @param engines of one store; any of them serves, and the first that answers is asked
/// @param token of the API
/// @param caFile the CA under which they are trusted, where that is not one of the platform's
public record EngineDoor(List<URI> engines, String token, Optional<Path> caFile) {
    public EngineDoor {
        engines = List.copyOf(engines);
    }

    @Override
    public String toString() {
        return "EngineDoor" + engines;
    }
}
