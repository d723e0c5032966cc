package dev.formwork.provider.openstack.api;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A port of Neutron's.
///
/// @param device the server that it is on, by id; empty where it is on none
/// @param owner what that is: `compute:ZONE`, or what it was said to be when it was made
/// @param addresses IPv4 before IPv6
public record Port(
        String id,
        String name,
        String description,
        String device,
        String owner,
        Instant created,
        List<String> addresses) {

    public Port {
        addresses = List.copyOf(addresses);
    }

    static Port read(JsonNode port) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode fixed : port.path("fixed_ips")) {
            String address = fixed.path("ip_address").stringValue("");
            addresses.add(address.indexOf(':') < 0 ? 0 : addresses.size(), address);
        }
        return new Port(
                port.path("id").stringValue(""),
                port.path("name").stringValue(""),
                port.path("description").stringValue(""),
                port.path("device_id").stringValue(""),
                port.path("device_owner").stringValue(""),
                Server.instant(port.path("created_at").stringValue("")),
                addresses);
    }
}
