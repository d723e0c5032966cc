package dev.formwork.provider.openstack.api;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Nova. Each method is one call, or one for each page. Thread-safe.
public final class Compute {
    private static final int TAGS = 52;
    private static final int GROUPS_WITH_ONE_POLICY = 64;
    private static final int VOLUME_TYPES = 67;

    private final Session session;

    public Compute(Session session) {
        this.session = session;
    }

    /// Servers with all of these tags and at least one of those. Where Nova is older than its tags
    /// (2.52) it is all servers of the project, so the caller looks at each.
    ///
    /// Those of a cell that is down are not among them.
    public List<Server> servers(List<String> all, List<String> any) {
        Map<String, String> query = new LinkedHashMap<>();
        if (session.microversion().isAtLeast(TAGS)) {
            if (!all.isEmpty()) {
                query.put("tags", String.join(",", all));
            }
            if (!any.isEmpty()) {
                query.put("tags-any", String.join(",", any));
            }
        }
        return session.readAll(Service.COMPUTE, "/servers/detail", "servers", query).stream()
                .map(Server::read)
                .toList();
    }

    /// @throws dev.formwork.model.ProblemException `provider.unavailable` too, see [Server#read]
    public Optional<Server> server(String id) {
        session.microversion();
        return session.find(Service.COMPUTE, "/servers/" + id)
                .map(body -> Server.read(body.path("server")));
    }

    /// Whether Nova knows tags. Who asks for a server gives them only then.
    public boolean hasTags() {
        return session.microversion().isAtLeast(TAGS);
    }

    /// Whether a server's volume can have a type.
    public boolean hasVolumeTypes() {
        return session.microversion().isAtLeast(VOLUME_TYPES);
    }

    /// Asks for a server; its id. Not to be repeated blindly: Nova would make another.
    ///
    /// @param server as in the body of `POST /servers`
    /// @param hints for the scheduler
    public String make(Map<String, ?> server, Map<String, ?> hints) {
        session.microversion();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("server", server);
        if (!hints.isEmpty()) {
            body.put("os:scheduler_hints", hints);
        }
        String id =
                session.change(Service.COMPUTE, "POST", "/servers", body)
                        .path("server")
                        .path("id")
                        .stringValue("");
        if (id.isEmpty()) {
            throw Failures.garbled("POST /servers");
        }
        return id;
    }

    public void remove(String server) {
        session.remove(Service.COMPUTE, "/servers/" + server);
    }

    /// Has a server do something: `os-start`, `os-stop`, `reboot`, `forceDelete`.
    public JsonNode act(String server, String action, @Nullable Map<String, ?> with) {
        session.microversion();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(action, with);
        return session.change(Service.COMPUTE, "POST", "/servers/" + server + "/action", body);
    }

    /// Adds to a server's metadata, or changes it.
    public void note(String server, Map<String, String> more) {
        session.change(
                Service.COMPUTE,
                "POST",
                "/servers/" + server + "/metadata",
                Map.of("metadata", more));
    }

    public void forget(String server, String key) {
        session.remove(Service.COMPUTE, "/servers/" + server + "/metadata/" + Session.encoded(key));
    }

    /// The last lines of what it printed, or all that Nova keeps. Control characters but line feeds
    /// are taken out by Nova.
    public String console(String server) {
        JsonNode output = act(server, "os-getConsoleOutput", Map.of()).path("output");
        if (!output.isString()) {
            throw Failures.garbled("os-getConsoleOutput");
        }
        return output.stringValue("");
    }

    /// The id of the flavor with this id or name.
    public Optional<String> flavor(String named) {
        return Named.choose(
                session.readAll(Service.COMPUTE, "/flavors", "flavors", Map.of()), named);
    }

    public boolean hasKeyPair(String name) {
        return session.find(Service.COMPUTE, "/os-keypairs/" + Session.encoded(name)).isPresent();
    }

    /// Those of the project: few, ten by default, and not in pages.
    public List<ServerGroup> groups() {
        session.microversion();
        JsonNode groups =
                session.read(Service.COMPUTE, "/os-server-groups", Map.of()).path("server_groups");
        if (!groups.isArray()) {
            throw Failures.garbled("GET /os-server-groups");
        }
        List<ServerGroup> all = new ArrayList<>();
        groups.forEach(group -> all.add(ServerGroup.read(group)));
        return all;
    }

    /// Makes a server group; its id.
    public String makeGroup(String name, String policy) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("name", name);
        if (session.microversion().isAtLeast(GROUPS_WITH_ONE_POLICY)) {
            group.put("policy", policy);
        } else {
            group.put("policies", List.of(policy));
        }
        String id =
                session.change(
                                Service.COMPUTE,
                                "POST",
                                "/os-server-groups",
                                Map.of("server_group", group))
                        .path("server_group")
                        .path("id")
                        .stringValue("");
        if (id.isEmpty()) {
            throw Failures.garbled("POST /os-server-groups");
        }
        return id;
    }

    public void removeGroup(String id) {
        session.remove(Service.COMPUTE, "/os-server-groups/" + id);
    }
}
