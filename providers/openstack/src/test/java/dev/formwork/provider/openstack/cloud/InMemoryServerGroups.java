package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Response;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The server groups of Nova. Guarded by the cloud.
final class InMemoryServerGroups {
    private static final List<String> POLICIES =
            List.of("affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity");

    private final Map<String, ObjectNode> groups = new LinkedHashMap<>();

    List<ObjectNode> all() {
        return List.copyOf(groups.values());
    }

    void require(String id) {
        if (!groups.containsKey(id)) {
            throw Refusal.badRequest("Server group %s could not be found".formatted(id));
        }
    }

    void join(String id, String server) {
        require(id);
        groups.get(id).withArray("members").add(server);
    }

    void leave(String server) {
        for (ObjectNode group : groups.values()) {
            List<String> members =
                    group.path("members").valueStream().map(JsonNode::stringValue).toList();
            ArrayNode left = group.putArray("members");
            members.stream().filter(member -> !member.equals(server)).forEach(left::add);
        }
    }

    Response answer(Asked asked, int minor) {
        if (asked.is("GET os-server-groups")) {
            asked.takesQuery("limit", "offset", "all_projects");
            ObjectNode body = Asked.JSON.createObjectNode();
            body.putArray("server_groups").addAll(groups.values());
            return InMemoryKeystone.json(200, body);
        }
        if (asked.is("POST os-server-groups")) {
            return make(asked.body(), minor);
        }
        if (asked.is("DELETE os-server-groups/*")
                && groups.remove(asked.path().getLast()) != null) {
            return new Response(204, Map.of(), "");
        }
        throw Refusal.notFound("The resource could not be found.");
    }

    private Response make(JsonNode body, int minor) {
        Asked.takes(body, "server_group");
        JsonNode wish = body.path("server_group");
        Asked.takes(wish, "name", minor < 64 ? "policies" : "policy");
        String policy =
                wish.path("policy").stringValue(wish.path("policies").path(0).stringValue(""));
        if (!POLICIES.contains(policy)) {
            throw Refusal.badRequest("Invalid input for policy");
        }
        ObjectNode group = Asked.JSON.createObjectNode();
        group.put("id", UUID.randomUUID().toString()).put("name", Asked.text(wish, "name"));
        group.put("policy", policy).putArray("members");
        groups.put(group.path("id").stringValue(""), group);
        ObjectNode made = Asked.JSON.createObjectNode();
        made.set("server_group", group);
        return InMemoryKeystone.json(200, made);
    }
}
