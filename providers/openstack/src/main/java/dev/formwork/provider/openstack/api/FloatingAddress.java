package dev.formwork.provider.openstack.api;

import tools.jackson.databind.JsonNode;

/// An address of an external network that leads to a port.
///
/// @param port empty where it leads nowhere
public record FloatingAddress(String id, String description, String address, String port) {
    static FloatingAddress read(JsonNode floating) {
        return new FloatingAddress(
                floating.path("id").stringValue(""),
                floating.path("description").stringValue(""),
                floating.path("floating_ip_address").stringValue(""),
                floating.path("port_id").stringValue(""));
    }
}
