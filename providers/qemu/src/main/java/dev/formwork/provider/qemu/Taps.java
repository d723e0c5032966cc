package dev.formwork.provider.qemu;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.Digests;
import dev.formwork.provider.ProviderCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The network interfaces of machines on a bridge: one tap each, by `ip` (iproute2). Without root
/// one that was made before will do.
///
/// @param data the provider's directory
record Taps(Path data, Network network, Commands commands) {
    /// At most 15 characters.
    static String name(Path data, MachineId machine) {
        return "fw" + Digests.hex("tap/" + data + "/" + machine).substring(0, 12);
    }

    /// Makes a machine's tap, unless it is there, and puts it on the bridge.
    ///
    /// @throws ProblemException `qemu.no-tap`
    void make(MachineId machine) throws IOException {
        if (network instanceof Network.Bridge bridge) {
            String tap = name(data, machine);
            if (!exists(bridge, tap)) {
                must(bridge, tap, "tuntap", "add", "dev", tap, "mode", "tap");
            }
            must(bridge, tap, "link", "set", "dev", tap, "master", bridge.name(), "up");
        }
    }

    /// Removes it, if it is there.
    void remove(MachineId machine) throws IOException {
        if (network instanceof Network.Bridge bridge) {
            String tap = name(data, machine);
            if (exists(bridge, tap)) {
                Commands.Ended ended = ip(bridge, "link", "delete", "dev", tap);
                if (!ended.well() && exists(bridge, tap)) {
                    throw ProviderCode.PARTIAL.problem(
                            "the tap %s is left: %s".formatted(tap, ended.output()),
                            "remove it, as root");
                }
            }
        }
    }

    private boolean exists(Network.Bridge bridge, String tap) throws IOException {
        return ip(bridge, "link", "show", "dev", tap).well();
    }

    private void must(Network.Bridge bridge, String tap, String... arguments) throws IOException {
        Commands.Ended ended = ip(bridge, arguments);
        if (!ended.well()) {
            throw ProblemException.of(
                    "qemu.no-tap",
                    "the tap %s cannot be put on the bridge %s: %s"
                            .formatted(tap, bridge.name(), ended.output()),
                    "the bridge has to exist, and the engine to run as root; or use network: user");
        }
    }

    private Commands.Ended ip(Network.Bridge bridge, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        bridge.netns().ifPresent(netns -> command.addAll(List.of("-n", netns)));
        command.addAll(List.of(arguments));
        return commands.run(command);
    }
}
