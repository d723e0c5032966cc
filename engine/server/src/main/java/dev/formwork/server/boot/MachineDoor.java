package dev.formwork.server.boot;

import java.util.OptionalInt;

/// Where agents beyond this host find the engine.
///
/// @param port of TLS, if it listens beyond loopback
/// @param certificates of the CA under which it is trusted, PEM; empty where there is no TLS
public record MachineDoor(OptionalInt port, String certificates) {
    public static final MachineDoor NONE = new MachineDoor(OptionalInt.empty(), "");
}
