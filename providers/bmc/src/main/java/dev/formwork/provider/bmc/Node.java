package dev.formwork.provider.bmc;

import dev.formwork.model.hardware.Hardware;

import java.util.Map;
import java.util.Set;

/// One node and how its management controller is reached, as the configuration says.
///
/// @param name what the configuration calls it
/// @param address of the controller: a DNS name or an IP address
/// @param port of the controller
/// @param user of the controller
/// @param hardware what the node is recognised by when it boots
/// @param uefi it boots by UEFI; otherwise as a BIOS
public record Node(
        String name,
        String address,
        int port,
        String user,
        Password password,
        Hardware hardware,
        boolean uefi,
        Set<String> groups,
        Map<String, String> labels) {
    public Node {
        groups = Set.copyOf(groups);
        labels = Map.copyOf(labels);
    }

    /// `[2001:db8::1]:623`, for messages and URLs.
    public String authority() {
        return (address.contains(":") ? "[%s]:%d" : "%s:%d").formatted(address, port);
    }

    @Override
    public String toString() {
        return name;
    }
}
