package dev.formwork.server.boot;

import java.net.URI;
import java.util.List;

/// Where machines beyond this host find the engines.
///
/// @param engines this one first; none where it listens on its own host only
/// @param certificates of the CA under which they are trusted, PEM; empty where there is no TLS
public record MachineDoor(List<URI> engines, String certificates) {
    public static final MachineDoor NONE = new MachineDoor(List.of(), "");

    public MachineDoor {
        engines = List.copyOf(engines);
    }
}
