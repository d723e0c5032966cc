package dev.formwork.provider.openstack.api;

import tools.jackson.databind.JsonNode;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Glance. Thread-safe.
public final class Images {
    private static final String ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final Session session;

    public Images(Session session) {
        this.session = session;
    }

    /// The id of the image with this id; or else of the newest active one with this name.
    public Optional<String> named(String named) {
        if (named.matches(ID)) {
            Optional<JsonNode> byId = session.find(Service.IMAGE, "/images/" + named);
            if (byId.isPresent()) {
                return byId.map(image -> image.path("id").stringValue(""));
            }
        }
        return newest(Map.of("name", named));
    }

    /// The id of the newest active image with all of these properties.
    public Optional<String> newest(Map<String, String> properties) {
        Map<String, String> query = new LinkedHashMap<>(properties);
        query.put("status", "active");
        List<JsonNode> all = session.readAll(Service.IMAGE, "/images", "images", query);
        return all.stream()
                .max(
                        Comparator.comparing((JsonNode image) ->
                                        Server.instant(image.path("created_at").stringValue("")))
                                .thenComparing(image -> image.path("id").stringValue("")))
                .map(image -> image.path("id").stringValue(""));
    }
}
