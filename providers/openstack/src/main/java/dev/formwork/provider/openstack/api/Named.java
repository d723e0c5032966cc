package dev.formwork.provider.openstack.api;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/// Things that people call by id or by name.
final class Named {
    private Named() {}

    /// The id of the one with this id, or else of the only one with this name.
    static Optional<String> choose(List<JsonNode> all, String named) {
        List<String> byName = new java.util.ArrayList<>();
        for (JsonNode each : all) {
            String id = each.path("id").stringValue("");
            if (id.equals(named)) {
                return Optional.of(id);
            }
            if (each.path("name").stringValue("").equals(named)) {
                byName.add(id);
            }
        }
        return byName.size() == 1 ? Optional.of(byName.getFirst()) : Optional.empty();
    }
}
