package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Response;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Nova, v2.1. A server goes one step on its way each time that it is asked for by itself. Guarded
/// by the cloud.
final class InMemoryNova {
    /// What libvirt's driver keeps of a console (`MAX_CONSOLE_BYTES`).
    static final int MOST_CONSOLE = 100 * 1024;

    private final Clock clock;
    private final InMemoryNeutron neutron;
    private final InMemoryGlance glance;
    private final Map<String, String> flavors = new LinkedHashMap<>();
    private final Set<String> keyPairs = new HashSet<>();
    private final InMemoryServerGroups groups = new InMemoryServerGroups();
    final Map<String, InMemoryServer> servers = new LinkedHashMap<>();
    private int newest = 93;
    private int hideFor;
    private int mostServers = 1000;
    private boolean keepsDeleted;
    private Optional<String> nextFault = Optional.empty();
    private boolean losesNextPort;

    InMemoryNova(Clock clock, InMemoryNeutron neutron, InMemoryGlance glance) {
        this.clock = clock;
        this.neutron = neutron;
        this.glance = glance;
    }

    void addFlavor(String id, String name) {
        flavors.put(id, name);
    }

    void addKeyPair(String name) {
        keyPairs.add(name);
    }

    /// The microversion is 2 and this.
    void speaks(int minor) {
        newest = minor;
    }

    /// New servers are in no list for so many looks.
    void hideFor(int looks) {
        hideFor = looks;
    }

    void mostServers(int most) {
        mostServers = most;
    }

    /// Deleted servers are kept for a while (`reclaim_instance_interval`).
    void keepsDeleted() {
        keepsDeleted = true;
    }

    void failNextBuild(String fault) {
        nextFault = Optional.of(fault);
    }

    /// Before the next server is built somebody removes its port.
    void loseNextPort() {
        losesNextPort = true;
    }

    List<ObjectNode> groups() {
        return groups.all();
    }

    Response answer(Asked asked, int page, String root) {
        if (asked.path().isEmpty() && asked.method().equals("GET")) {
            return InMemoryKeystone.json(200, version(root));
        }
        int minor = microversion(asked);
        Response response = answer(asked, page, minor);
        return response.with("OpenStack-API-Version", "compute 2." + minor)
                .with("X-OpenStack-Nova-API-Version", "2." + minor);
    }

    private ObjectNode version(String root) {
        ObjectNode body = Asked.JSON.createObjectNode();
        ObjectNode version = body.putObject("version");
        version.put("id", "v2.1").put("status", "CURRENT").put("version", "2." + newest);
        version.put("min_version", "2.1").put("updated", "2013-07-23T11:33:21Z");
        version.putArray("links")
                .addObject()
                .put("rel", "self")
                .put("href", root + "/compute/v2.1/");
        return body;
    }

    private int microversion(Asked asked) {
        String text =
                asked.request()
                        .header("OpenStack-API-Version")
                        .filter(header -> header.startsWith("compute "))
                        .map(header -> header.substring("compute ".length()))
                        .orElse("2.1");
        int minor = Integer.parseInt(text.substring(2));
        if (minor > newest) {
            throw new Refusal(406, "computeFault", "Version %s is not supported".formatted(text));
        }
        return minor;
    }

    private Response answer(Asked asked, int page, int minor) {
        if (asked.is("GET servers/detail") || asked.is("GET servers")) {
            List<ObjectNode> found = new ArrayList<>();
            for (InMemoryServer server : List.copyOf(servers.values())) {
                if (server.hiddenFor > 0) {
                    server.hiddenFor--;
                } else if (matches(server, asked, minor)) {
                    found.add(server.json(neutron));
                }
            }
            return InMemoryKeystone.json(200, asked.page("servers", found, page));
        }
        if (asked.is("POST servers")) {
            return make(asked.body(), minor);
        }
        if (asked.is("GET servers/*")) {
            InMemoryServer server = server(asked);
            if (!step(server)) {
                throw Refusal.notFound("Instance %s could not be found.".formatted(server.id));
            }
            ObjectNode body = Asked.JSON.createObjectNode();
            body.set("server", server.json(neutron));
            return InMemoryKeystone.json(200, body);
        }
        if (asked.is("DELETE servers/*")) {
            InMemoryServer server = server(asked);
            server.task = "deleting";
            return new Response(204, Map.of(), "");
        }
        if (asked.is("POST servers/*/action")) {
            return act(server(asked), asked.body());
        }
        if (asked.is("POST servers/*/metadata")) {
            return note(server(asked), asked.body());
        }
        if (asked.is("DELETE servers/*/metadata/*")) {
            if (server(asked).metadata.remove(asked.path().getLast()) == null) {
                throw Refusal.notFound("Metadata item was not found");
            }
            return new Response(204, Map.of(), "");
        }
        return answerOther(asked, page, minor);
    }

    private Response answerOther(Asked asked, int page, int minor) {
        if (asked.is("GET flavors") || asked.is("GET flavors/detail")) {
            List<ObjectNode> all = new ArrayList<>();
            flavors.forEach((id, name) -> all.add(flavor(id, name)));
            return InMemoryKeystone.json(200, asked.page("flavors", all, page));
        }
        if (asked.is("GET flavors/*") && flavors.containsKey(asked.path().getLast())) {
            String id = asked.path().getLast();
            ObjectNode body = Asked.JSON.createObjectNode();
            body.set("flavor", flavor(id, flavors.getOrDefault(id, "")));
            return InMemoryKeystone.json(200, body);
        }
        if (asked.is("GET os-keypairs/*") && keyPairs.contains(asked.path().getLast())) {
            return Response.json(200, "{\"keypair\": {}}");
        }
        return groups.answer(asked, minor);
    }

    private static ObjectNode flavor(String id, String name) {
        return Asked.JSON
                .createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("ram", 512)
                .put("vcpus", 1)
                .put("disk", 1)
                .put("os-flavor-access:is_public", true);
    }

    private static boolean matches(InMemoryServer server, Asked asked, int minor) {
        for (Map.Entry<String, String> filter : asked.query().entrySet()) {
            Set<String> wanted = Set.of(filter.getValue().split(",", -1));
            boolean matches =
                    switch (filter.getKey()) {
                        case "limit", "marker", "deleted", "sort_key", "sort_dir" -> true;
                        case "tags" -> minor < 26 || server.tags.containsAll(wanted);
                        case "tags-any" ->
                                minor < 26 || wanted.stream().anyMatch(server.tags::contains);
                        // A pattern, not the name.
                        case "name" -> server.name.matches(".*" + filter.getValue() + ".*");
                        default -> throw Refusal.badRequest("Invalid filter " + filter.getKey());
                    };
            if (!matches) {
                return false;
            }
        }
        return true;
    }

    private InMemoryServer server(Asked asked) {
        InMemoryServer server = servers.get(asked.path().get(1));
        if (server == null) {
            throw Refusal.notFound(
                    "Instance %s could not be found.".formatted(asked.path().get(1)));
        }
        return server;
    }

    /// Goes on with what is under way; false where it is gone with it.
    private boolean step(InMemoryServer server) {
        String task = server.task == null ? "" : server.task;
        switch (task) {
            case "scheduling" -> {
                server.task = "spawning";
                build(server);
            }
            case "spawning", "powering-on", "reboot_started_hard" -> {
                server.status = "ACTIVE";
                server.task = null;
                server.wasLaunched = true;
            }
            case "powering-off" -> {
                server.status = "SHUTOFF";
                server.task = null;
            }
            case "deleting" -> {
                server.task = "deleted";
                return true;
            }
            case "deleted" -> {
                if (keepsDeleted && !server.status.equals("SOFT_DELETED")) {
                    server.status = "SOFT_DELETED";
                    server.task = null;
                    return true;
                }
                remove(server);
                return false;
            }
            default -> {}
        }
        return true;
    }

    private void build(InMemoryServer server) {
        Optional<String> fault = nextFault;
        nextFault = Optional.empty();
        if (losesNextPort) {
            losesNextPort = false;
            server.ports.forEach(neutron::removePort);
        }
        for (String id : server.ports) {
            Optional<ObjectNode> port = neutron.port(id);
            if (port.isEmpty() || !port.get().path("device_id").stringValue("").isEmpty()) {
                fault = Optional.of("Build of instance aborted: Port %s not usable".formatted(id));
            }
        }
        if (fault.isPresent()) {
            server.status = "ERROR";
            server.task = null;
            server.fault = fault.get();
            return;
        }
        for (String id : server.ports) {
            neutron.port(id)
                    .orElseThrow()
                    .put("device_id", server.id)
                    .put("device_owner", "compute:nova")
                    .put("status", "ACTIVE");
        }
    }

    private void remove(InMemoryServer server) {
        servers.remove(server.id);
        for (String id : server.ports) {
            neutron.port(id)
                    .filter(port -> port.path("device_id").stringValue("").equals(server.id))
                    .ifPresent(port -> port.put("device_id", "").put("device_owner", ""));
        }
        groups.leave(server.id);
    }

    private Response make(JsonNode body, int minor) {
        Asked.takes(body, "server", "os:scheduler_hints", "OS-SCH-HNT:scheduler_hints");
        JsonNode wish = body.path("server");
        Asked.takes(
                wish,
                "name",
                "flavorRef",
                "imageRef",
                "networks",
                "metadata",
                "user_data",
                "block_device_mapping_v2",
                "tags",
                "config_drive",
                "key_name",
                "availability_zone",
                "min_count",
                "max_count",
                "security_groups");
        if (!flavors.containsKey(Asked.text(wish, "flavorRef"))) {
            throw Refusal.badRequest("Flavor could not be found.");
        }
        checkSource(wish, minor);
        checkMetadata(wish.path("metadata"));
        if (wish.has("key_name") && !keyPairs.contains(wish.path("key_name").stringValue(""))) {
            throw Refusal.badRequest("Invalid key_name provided.");
        }
        if (wish.has("user_data")) {
            Base64.getDecoder().decode(wish.path("user_data").stringValue(""));
        }
        Optional<String> group = group(body.path("os:scheduler_hints"));
        if (servers.size() >= mostServers) {
            throw new Refusal(
                    403,
                    "forbidden",
                    "Quota exceeded for instances: Requested 1, but already used");
        }
        InMemoryServer server =
                new InMemoryServer(
                        UUID.randomUUID().toString(),
                        Asked.text(wish, "name"),
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                        tags(wish, minor),
                        ports(wish),
                        (ObjectNode) wish);
        for (Map.Entry<String, JsonNode> each : wish.path("metadata").properties()) {
            server.metadata.put(each.getKey(), each.getValue().stringValue(""));
        }
        server.hiddenFor = hideFor;
        group.ifPresent(id -> groups.join(id, server.id));
        servers.put(server.id, server);
        ObjectNode made = Asked.JSON.createObjectNode();
        made.putObject("server").put("id", server.id).put("adminPass", "x");
        return InMemoryKeystone.json(202, made);
    }

    private void checkSource(JsonNode wish, int minor) {
        JsonNode volume = wish.path("block_device_mapping_v2").path(0);
        String image = wish.path("imageRef").stringValue(volume.path("uuid").stringValue(""));
        if (!glance.hasActive(image)) {
            throw Refusal.badRequest("Can not find requested image");
        }
        if (volume.isObject()) {
            Asked.takes(
                    volume,
                    "boot_index",
                    "source_type",
                    "uuid",
                    "destination_type",
                    "volume_size",
                    "delete_on_termination",
                    "volume_type");
            if (volume.has("volume_type") && minor < 67) {
                throw Refusal.badRequest("Additional properties are not allowed (volume_type)");
            }
        }
    }

    private static void checkMetadata(JsonNode metadata) {
        if (metadata.size() > 128) {
            throw new Refusal(403, "forbidden", "Maximum number of metadata items exceeds 128");
        }
        for (Map.Entry<String, JsonNode> each : metadata.properties()) {
            String value = each.getValue().stringValue("");
            if (!each.getKey().matches("[a-zA-Z0-9-_:. ]{1,255}")
                    || !each.getValue().isString()
                    || value.length() > 255) {
                throw Refusal.badRequest("Invalid input for field/attribute metadata");
            }
            // MySQL's utf8 has three bytes to a character.
            if (value.codePoints().anyMatch(point -> point > 0xffff)) {
                throw new Refusal(500, "computeFault", "Unexpected API Error. DBError");
            }
        }
    }

    private Optional<String> group(JsonNode hints) {
        Optional<String> group = Optional.ofNullable(hints.path("group").stringValue(null));
        group.ifPresent(groups::require);
        return group;
    }

    private static Set<String> tags(JsonNode wish, int minor) {
        Set<String> tags = new TreeSet<>();
        if (wish.has("tags") && minor < 52) {
            throw Refusal.badRequest("Additional properties are not allowed ('tags')");
        }
        for (JsonNode tag : wish.path("tags")) {
            if (!tag.stringValue("").matches("[^,/]{1,60}")) {
                throw Refusal.badRequest("Invalid input for field/attribute tags");
            }
            tags.add(tag.stringValue(""));
        }
        return tags;
    }

    private List<String> ports(JsonNode wish) {
        List<String> ports = new ArrayList<>();
        for (JsonNode network : wish.path("networks")) {
            if (network.has("uuid")) {
                ObjectNode port = Asked.JSON.createObjectNode();
                port.set("network_id", network.path("uuid"));
                ports.add(neutron.makePort(port).path("id").stringValue(""));
                continue;
            }
            String id = Asked.text(network, "port");
            ObjectNode port =
                    neutron.port(id)
                            .orElseThrow(() ->
                                    Refusal.badRequest("Port %s could not be found".formatted(id)));
            if (!port.path("device_id").stringValue("").isEmpty()) {
                throw Refusal.conflict(
                        "conflictingRequest", "Port %s is still in use.".formatted(id));
            }
            ports.add(id);
        }
        return ports;
    }

    private Response act(InMemoryServer server, JsonNode body) {
        String action = body.properties().iterator().next().getKey();
        Asked.takes(body, action);
        if (action.equals("os-getConsoleOutput")) {
            if (server.status.equals("BUILD")) {
                throw Refusal.conflict("conflictingRequest", "Instance is not ready");
            }
            return InMemoryKeystone.json(
                    200, Asked.JSON.createObjectNode().put("output", console(server)));
        }
        if (action.equals("forceDelete")) {
            server.status = "SOFT_DELETED";
            server.task = "deleted";
            return new Response(202, Map.of(), "");
        }
        String needed = action.equals("os-start") ? "SHUTOFF" : "ACTIVE";
        if (!server.status.equals(needed) || server.task != null) {
            throw Refusal.conflict(
                    "conflictingRequest",
                    "Cannot '%s' instance %s while it is in vm_state %s"
                            .formatted(action, server.id, server.status));
        }
        switch (action) {
            case "os-start" -> server.task = "powering-on";
            case "os-stop" -> server.task = "powering-off";
            case "reboot" -> {
                Asked.takes(body.path("reboot"), "type");
                Asked.text(body.path("reboot"), "type");
                server.status = "HARD_REBOOT";
                server.task = "reboot_started_hard";
            }
            default -> throw Refusal.badRequest("There is no such action: " + action);
        }
        return new Response(202, Map.of(), "");
    }

    /// As Nova does: the end of it, without what its API takes out.
    private static String console(InMemoryServer server) {
        int from = Math.max(0, server.console.length() - MOST_CONSOLE);
        return server.console.substring(from).replaceAll("[\\x00-\\x08\\x0B-\\x1F]", "");
    }

    private static Response note(InMemoryServer server, JsonNode body) {
        Asked.takes(body, "metadata");
        checkMetadata(body.path("metadata"));
        for (Map.Entry<String, JsonNode> each : body.path("metadata").properties()) {
            server.metadata.put(each.getKey(), each.getValue().stringValue(""));
        }
        return Response.json(200, "{\"metadata\": {}}");
    }
}
