package dev.formwork.provider.redfish;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The resources of an [InMemoryRedfish] that never change: those of `parts.json`, by path.
final class RedfishParts {
    private static final String V1 = "/redfish/v1";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Map<String, Object> parts;

    RedfishParts() {
        try (InputStream in =
                Objects.requireNonNull(RedfishParts.class.getResourceAsStream("parts.json"))) {
            parts = JSON.readValue(in, OBJECT);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Null where there is none.
    @Nullable Map<String, Object> of(String path) {
        Object part = parts.get(path);
        return part == null ? null : resource(path, JSON.writeValueAsString(part));
    }

    /// @param path with `{id}` for the system's own
    @Nullable Map<String, Object> of(InMemorySystem system, String path) {
        Object part = parts.get(path);
        return part == null
                ? null
                : resource(
                        path.replace("{id}", system.id),
                        JSON.writeValueAsString(part)
                                .replace("{id}", system.id)
                                .replace("{mac1}", system.mac(1))
                                .replace("{mac2}", system.mac(2)));
    }

    private static Map<String, Object> resource(String path, String json) {
        Map<String, Object> read = JSON.readValue(json, OBJECT);
        if (read.get("members") instanceof String type && read.get("of") instanceof List<?> ids) {
            return RedfishTree.collection(
                    V1 + path, type, ids.stream().map(String::valueOf).toList());
        }
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("@odata.id", V1 + path);
        resource.putAll(read);
        return resource;
    }
}
