package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Response;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Neutron, v2.0. Guarded by the cloud.
final class InMemoryNeutron {
    private final Clock clock;
    private final Map<String, ObjectNode> networks = new LinkedHashMap<>();
    private final Map<String, ObjectNode> groups = new LinkedHashMap<>();
    final Map<String, ObjectNode> ports = new LinkedHashMap<>();
    final Map<String, ObjectNode> floating = new LinkedHashMap<>();
    private int made;
    private int mostFloating = 50;

    InMemoryNeutron(Clock clock) {
        this.clock = clock;
    }

    void addNetwork(String id, String name, boolean isExternal) {
        ObjectNode network = Asked.JSON.createObjectNode();
        network.put("id", id).put("name", name).put("router:external", isExternal);
        network.put("status", "ACTIVE").put("admin_state_up", true).put("shared", false);
        network.putArray("subnets");
        networks.put(id, network);
    }

    void addGroup(String id, String name) {
        groups.put(id, Asked.JSON.createObjectNode().put("id", id).put("name", name));
    }

    void mostFloating(int most) {
        mostFloating = most;
    }

    Response answer(Asked asked, int page) {
        if (asked.is("GET networks")) {
            return list(asked, "networks", networks.values(), page);
        }
        if (asked.is("GET networks/*")) {
            return one("network", networks.get(asked.path().getLast()));
        }
        if (asked.is("GET security-groups")) {
            return list(asked, "security_groups", groups.values(), page);
        }
        if (asked.is("GET ports")) {
            return list(asked, "ports", ports.values(), page);
        }
        if (asked.is("GET ports/*")) {
            return one("port", ports.get(asked.path().getLast()));
        }
        if (asked.is("POST ports")) {
            Asked.takes(asked.body(), "port");
            return InMemoryKeystone.json(201, wrapped("port", makePort(asked.body().path("port"))));
        }
        if (asked.is("DELETE ports/*")) {
            return removePort(asked.path().getLast());
        }
        if (asked.is("GET floatingips")) {
            return list(asked, "floatingips", floating.values(), page);
        }
        if (asked.is("POST floatingips")) {
            Asked.takes(asked.body(), "floatingip");
            return InMemoryKeystone.json(
                    201, wrapped("floatingip", makeFloating(asked.body().path("floatingip"))));
        }
        if (asked.is("DELETE floatingips/*")) {
            if (floating.remove(asked.path().getLast()) == null) {
                throw new Refusal(404, "FloatingIPNotFound", "Floating IP could not be found");
            }
            return new Response(204, Map.of(), "");
        }
        throw new Refusal(404, "HTTPNotFound", "The resource could not be found.");
    }

    ObjectNode makePort(JsonNode wish) {
        Asked.takes(
                wish,
                "network_id",
                "name",
                "description",
                "device_owner",
                "security_groups",
                "admin_state_up",
                "device_id");
        String network = Asked.text(wish, "network_id");
        if (!networks.containsKey(network)) {
            throw new Refusal(404, "NetworkNotFound", "Network could not be found.");
        }
        for (String key : List.of("name", "description", "device_owner")) {
            if (wish.path(key).stringValue("").length() > 255) {
                throw Refusal.badRequest("Invalid input for %s: too long".formatted(key));
            }
        }
        if (wish.path("device_owner").stringValue("").startsWith("network:")) {
            throw new Refusal(403, "PolicyNotAuthorized", "rule:create_port is disallowed");
        }
        made++;
        ObjectNode port = Asked.JSON.createObjectNode();
        port.put("id", UUID.randomUUID().toString()).put("network_id", network);
        port.put("name", wish.path("name").stringValue(""));
        port.put("description", wish.path("description").stringValue(""));
        port.put("device_owner", wish.path("device_owner").stringValue(""));
        port.put("device_id", wish.path("device_id").stringValue(""));
        port.put("created_at", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        port.put("status", "DOWN").put("mac_address", "fa:16:3e:00:00:%02x".formatted(made % 256));
        port.putArray("fixed_ips")
                .addObject()
                .put("subnet_id", "subnet-" + network)
                .put("ip_address", "10.1.%d.%d".formatted(made / 250, made % 250 + 1));
        port.putArray("security_groups");
        for (JsonNode group : wish.path("security_groups")) {
            if (!groups.containsKey(group.stringValue(""))) {
                throw new Refusal(404, "SecurityGroupNotFound", "Security group does not exist");
            }
            port.withArray("security_groups").add(group);
        }
        ports.put(port.path("id").stringValue(""), port);
        return port;
    }

    Response removePort(String id) {
        if (ports.remove(id) == null) {
            throw new Refusal(404, "PortNotFound", "Port %s could not be found.".formatted(id));
        }
        for (ObjectNode each : floating.values()) {
            if (each.path("port_id").stringValue("").equals(id)) {
                each.putNull("port_id").putNull("fixed_ip_address");
            }
        }
        return new Response(204, Map.of(), "");
    }

    private ObjectNode makeFloating(JsonNode wish) {
        Asked.takes(wish, "floating_network_id", "port_id", "description");
        JsonNode network = networks.get(Asked.text(wish, "floating_network_id"));
        if (network == null || !network.path("router:external").booleanValue(false)) {
            throw Refusal.badRequest("Network is not a valid external network");
        }
        String port = wish.path("port_id").stringValue("");
        if (!ports.containsKey(port)) {
            throw new Refusal(404, "PortNotFound", "Port %s could not be found.".formatted(port));
        }
        if (floating.values().stream()
                .anyMatch(each -> each.path("port_id").stringValue("").equals(port))) {
            throw Refusal.conflict(
                    "FloatingIPPortAlreadyAssociated", "Cannot associate floating IP with port");
        }
        if (floating.size() >= mostFloating) {
            throw Refusal.conflict("OverQuota", "Quota exceeded for resources: ['floatingip'].");
        }
        made++;
        ObjectNode address = Asked.JSON.createObjectNode();
        address.put("id", UUID.randomUUID().toString()).put("port_id", port);
        address.put("description", wish.path("description").stringValue(""));
        address.put("floating_ip_address", "203.0.113.%d".formatted(made % 250 + 1));
        floating.put(address.path("id").stringValue(""), address);
        return address;
    }

    private static Response list(Asked asked, String key, Iterable<ObjectNode> all, int page) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectNode each : all) {
            boolean matches = true;
            for (Map.Entry<String, String> filter : asked.query().entrySet()) {
                switch (filter.getKey()) {
                    case "limit", "marker", "fields", "page_reverse", "sort_key", "sort_dir" -> {}
                    case "id",
                            "name",
                            "description",
                            "device_id",
                            "port_id",
                            "tenant_id",
                            "project_id",
                            "router:external" ->
                            matches &=
                                    each.path(filter.getKey())
                                            .asString("")
                                            .equals(filter.getValue());
                    default ->
                            throw new Refusal(
                                    400,
                                    "HTTPBadRequest",
                                    "['%s'] is invalid attribute for filtering"
                                            .formatted(filter.getKey()));
                }
            }
            if (matches) {
                found.add(each);
            }
        }
        return InMemoryKeystone.json(200, asked.page(key, found, page));
    }

    private static Response one(String key, @org.jspecify.annotations.Nullable ObjectNode found) {
        if (found == null) {
            throw new Refusal(404, "NotFound", "could not be found");
        }
        return InMemoryKeystone.json(200, wrapped(key, found));
    }

    private static ObjectNode wrapped(String key, ObjectNode what) {
        ObjectNode body = Asked.JSON.createObjectNode();
        body.set(key, what);
        return body;
    }

    Optional<ObjectNode> port(String id) {
        return Optional.ofNullable(ports.get(id));
    }
}
