package dev.formwork.provider.openstack.api;

import tools.jackson.databind.JsonNode;

/// Servers that Nova places together or apart.
///
/// @param members how many
public record ServerGroup(String id, String name, int members) {
    static ServerGroup read(JsonNode group) {
        return new ServerGroup(
                group.path("id").stringValue(""),
                group.path("name").stringValue(""),
                group.path("members").size());
    }
}
