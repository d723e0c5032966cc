package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Request;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One request to a service, read.
///
/// @param path below the service's version, in parts
record Asked(
        String method,
        List<String> path,
        Map<String, String> query,
        JsonNode body,
        Request request) {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /// @param start of the path, before the parts
    static Asked of(Request request, String start) {
        String raw = request.target().getRawPath().substring(start.length());
        List<String> path =
                Arrays.stream(raw.split("/", -1))
                        .filter(part -> !part.isEmpty())
                        .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                        .toList();
        Map<String, String> query = new LinkedHashMap<>();
        String text = request.target().getRawQuery();
        if (text != null && !text.isEmpty()) {
            for (String each : text.split("&", -1)) {
                String[] pair = each.split("=", 2);
                query.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.length == 1 ? "" : pair[1], StandardCharsets.UTF_8));
            }
        }
        try {
            JsonNode body =
                    request.body().isBlank()
                            ? JSON.createObjectNode()
                            : JSON.readTree(request.body());
            return new Asked(request.method(), path, query, body, request);
        } catch (JacksonException wrong) {
            throw Refusal.badRequest("Malformed request body");
        }
    }

    /// Such as `GET servers/*`, where a star is any one part.
    boolean is(String form) {
        String[] words = form.split(" ", -1);
        String[] parts = words[1].split("/", -1);
        if (!words[0].equals(method) || parts.length != path.size()) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].equals("*") && !parts[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    void takesQuery(String... known) {
        takes(query.keySet(), known);
    }

    /// @throws Refusal where an object has a key that the service does not know
    static void takes(JsonNode object, String... known) {
        List<String> keys = new ArrayList<>();
        object.properties().forEach(each -> keys.add(each.getKey()));
        takes(keys, known);
    }

    private static void takes(Iterable<String> keys, String... known) {
        Set<String> all = Set.of(known);
        for (String key : keys) {
            if (!all.contains(key)) {
                throw Refusal.badRequest(
                        "Additional properties are not allowed ('%s' was unexpected)"
                                .formatted(key));
            }
        }
    }

    /// A text that has to be there.
    static String text(JsonNode object, String key) {
        JsonNode text = object.path(key);
        if (!text.isString() || text.stringValue("").isEmpty()) {
            throw Refusal.badRequest("'%s' is a required property".formatted(key));
        }
        return text.stringValue("");
    }

    /// A page of a list, in the form of Nova and Neutron.
    ///
    /// @param most on a page, whatever is asked for
    ObjectNode page(String key, List<ObjectNode> all, int most) {
        int from = 0;
        Optional<String> marker = Optional.ofNullable(query.get("marker"));
        if (marker.isPresent()) {
            List<String> ids = all.stream().map(each -> each.path("id").stringValue("")).toList();
            from = ids.indexOf(marker.get()) + 1;
            if (from == 0) {
                throw Refusal.badRequest("marker [%s] not found".formatted(marker.get()));
            }
        }
        int limit = Math.min(most, Integer.parseInt(query.getOrDefault("limit", "1000")));
        int to = Math.min(all.size(), from + limit);
        ObjectNode page = JSON.createObjectNode();
        page.putArray(key).addAll(all.subList(from, to));
        if (to < all.size()) {
            String last = all.get(to - 1).path("id").stringValue("");
            String next = request.target().getPath() + "?limit=" + limit + "&marker=" + last;
            if (key.equals("images")) {
                page.put("next", next);
            } else {
                page.putArray(key + "_links").addObject().put("rel", "next").put("href", next);
            }
        }
        return page;
    }
}
