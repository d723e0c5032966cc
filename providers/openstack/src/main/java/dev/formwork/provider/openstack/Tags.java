package dev.formwork.provider.openstack;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;

/// By what the services find things: digests, for what is to be marked is longer than they take. A
/// tag of Nova's has 60 characters.
final class Tags {
    /// What `device_owner` of a port says until a server has it; Nova overwrites it, and empties it
    /// when the server goes. So a port that is alone and still says this waits for its server.
    static final String WAITING = "formwork:waiting";

    private static final int DIGITS = 24;

    private Tags() {}

    static String digest(String text) {
        return Digests.hex(text).substring(0, DIGITS);
    }

    static String engine(EngineId engine) {
        return "formwork-engine-" + digest(engine.value());
    }

    static String machine(MachineId machine) {
        return "formwork-machine-" + digest(machine.value());
    }

    /// @param digest of the token
    static String token(String digest) {
        return "formwork-token-" + digest;
    }

    /// The description of a port.
    static String port(EngineId engine) {
        return "formwork " + digest(engine.value());
    }

    /// The description of a floating address.
    static String floating(EngineId engine, ServerName name) {
        return floating(engine) + name;
    }

    /// What the descriptions of all floating addresses of an engine begin with.
    static String floating(EngineId engine) {
        return port(engine) + " ";
    }

    /// What the names of all server groups begin with that an engine made.
    static String group(EngineId engine) {
        return "formwork-" + digest(engine.value()) + "-";
    }
}
