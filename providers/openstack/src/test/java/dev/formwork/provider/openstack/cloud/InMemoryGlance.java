package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Response;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Glance, v2. Guarded by the cloud.
final class InMemoryGlance {
    private static final Set<String> PAGING =
            Set.of("limit", "marker", "sort", "sort_key", "sort_dir");

    private final List<ObjectNode> images = new ArrayList<>();

    void add(
            String id, String name, String status, String created, Map<String, String> properties) {
        ObjectNode image = Asked.JSON.createObjectNode();
        image.put("id", id).put("name", name).put("status", status).put("created_at", created);
        image.put("visibility", "public").put("owner", "p-1").put("min_disk", 0).put("min_ram", 0);
        image.put("disk_format", "raw").put("container_format", "bare").put("size", 1 << 20);
        image.put("updated_at", created).put("checksum", "0").put("protected", false);
        image.putArray("tags");
        properties.forEach(image::put);
        images.add(image);
    }

    boolean hasActive(String id) {
        return images.stream()
                .anyMatch(image ->
                        image.path("id").stringValue("").equals(id)
                                && image.path("status").stringValue("").equals("active"));
    }

    Response answer(Asked asked, int page) {
        if (asked.is("GET images")) {
            List<ObjectNode> found =
                    images.stream().filter(image -> matches(image, asked.query())).toList();
            return InMemoryKeystone.json(200, asked.page("images", found, page));
        }
        if (asked.is("GET images/*")) {
            return images.stream()
                    .filter(image ->
                            image.path("id").stringValue("").equals(asked.path().getLast()))
                    .findFirst()
                    .map(image -> InMemoryKeystone.json(200, image))
                    // As Glance does.
                    .orElse(Response.of(404, "text/html", "<html><title>404</title></html>"));
        }
        throw Refusal.notFound("The resource could not be found.");
    }

    private static boolean matches(ObjectNode image, Map<String, String> query) {
        return query.entrySet().stream()
                .filter(each -> !PAGING.contains(each.getKey()))
                .allMatch(each -> image.path(each.getKey()).asString("").equals(each.getValue()));
    }
}
