package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A cloud of one project, by the protocol of its services, each below a path of its own:
/// `/identity`, `/compute`, `/image`, `/network`. Thread-safe.
///
/// User `formwork` with the password `pass word'`, project `lab`, domain `default`; application
/// credential `ac-1` (`engine`) with the secret `s3cret`.
public final class InMemoryOpenStack implements HttpService {
    /// Small, so that few servers make several pages.
    private static final int PAGE = 3;

    private final String scheme;
    private final InMemoryKeystone keystone;
    private final InMemoryNeutron neutron;
    private final InMemoryGlance glance = new InMemoryGlance();
    private final InMemoryNova nova;
    private final List<String> calls = new ArrayList<>();

    public InMemoryOpenStack(Clock clock) {
        this(clock, "http");
    }

    /// @param scheme by which it is reached
    public InMemoryOpenStack(Clock clock, String scheme) {
        this.scheme = scheme;
        keystone = new InMemoryKeystone(clock);
        neutron = new InMemoryNeutron(clock);
        nova = new InMemoryNova(clock, neutron, glance);
        neutron.addNetwork("net-1", "private", false);
        neutron.addNetwork("net-2", "twice", false);
        neutron.addNetwork("net-3", "twice", false);
        neutron.addNetwork("net-9", "public", true);
        neutron.addGroup("sg-1", "web");
        String uuid = "0c9e9f4e-0000-4000-8000-00000000000";
        glance.add(uuid + 1, "debian", "active", "2025-01-01T00:00:00Z", Map.of("os", "debian"));
        glance.add(uuid + 2, "debian", "active", "2026-01-01T00:00:00Z", Map.of("os", "debian"));
        glance.add(uuid + 3, "debian", "queued", "2026-02-01T00:00:00Z", Map.of("os", "debian"));
        for (int i = 1; i < 6; i++) {
            nova.addFlavor(String.valueOf(i), "m1.size" + i);
        }
        nova.addKeyPair("ops");
    }

    /// How calls are refused before they reach a service, in Nova's words.
    public static Response refusal(int status, String kind, String said) {
        return InMemoryKeystone.json(status, nova(status, kind, said));
    }

    @Override
    public synchronized Response answer(Request request) {
        String path = request.target().getPath();
        calls.add(request.method() + " " + path);
        String root = scheme + "://" + request.header("Host").orElse("127.0.0.1");
        boolean isNetwork = path.startsWith("/network");
        try {
            if (path.matches("/identity/?")) {
                return versions(InMemoryKeystone.version(root));
            }
            if (path.startsWith("/identity/v3")) {
                return keystone.answer(Asked.of(request, "/identity/v3"), root);
            }
            if (path.matches("/image/?")) {
                return versionList("v2.9", root + "/image/v2/");
            }
            if (path.matches("/network/?")) {
                return versionList("v2.0", root + "/network/v2.0/");
            }
            if (path.matches("/compute/v2.1/?")) {
                return nova.answer(Asked.of(request, "/compute/v2.1"), PAGE, root);
            }
            if (!request.header("X-Auth-Token").map(keystone::knows).orElse(false)) {
                return refusal(401, "error", "The request you have made requires authentication.");
            }
            if (path.startsWith("/compute/v2.1/")) {
                return nova.answer(Asked.of(request, "/compute/v2.1"), PAGE, root);
            }
            if (path.startsWith("/image/v2/")) {
                return glance.answer(Asked.of(request, "/image/v2"), PAGE);
            }
            if (path.startsWith("/network/v2.0/")) {
                return neutron.answer(Asked.of(request, "/network/v2.0"), PAGE);
            }
            throw Refusal.notFound("There is no such service: " + path);
        } catch (Refusal refused) {
            ObjectNode body =
                    isNetwork ? neutron(refused) : nova(refused.status, refused.type, refused.said);
            return InMemoryKeystone.json(refused.status, body);
        }
    }

    private static Response versions(ObjectNode version) {
        ObjectNode body = Asked.JSON.createObjectNode();
        body.putObject("versions").putArray("values").add(version);
        return InMemoryKeystone.json(300, body);
    }

    private static Response versionList(String id, String href) {
        ObjectNode body = Asked.JSON.createObjectNode();
        ObjectNode version = body.putArray("versions").addObject();
        version.put("id", id).put("status", "CURRENT");
        version.putArray("links").addObject().put("rel", "self").put("href", href);
        return InMemoryKeystone.json(200, body);
    }

    private static ObjectNode nova(int status, String kind, String said) {
        ObjectNode body = Asked.JSON.createObjectNode();
        body.putObject(kind).put("code", status).put("message", said);
        return body;
    }

    private static ObjectNode neutron(Refusal refused) {
        ObjectNode body = Asked.JSON.createObjectNode();
        body.putObject("NeutronError")
                .put("type", refused.type)
                .put("message", refused.said)
                .put("detail", "");
        return body;
    }

    /// The method and the path of each call, in order.
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized void tokensLive(Duration life) {
        keystone.tokensLive(life);
    }

    public synchronized void revokeTokens() {
        keystone.revokeAll();
    }

    public synchronized int logins() {
        return keystone.logins();
    }

    /// Nova's microversion is 2 and this.
    public synchronized void speaks(int minor) {
        nova.speaks(minor);
    }

    /// New servers are in no list for so many looks.
    public synchronized void hideServersFor(int looks) {
        nova.hideFor(looks);
    }

    public synchronized void mostServers(int most) {
        nova.mostServers(most);
    }

    public synchronized void mostFloatingAddresses(int most) {
        neutron.mostFloating(most);
    }

    public synchronized void keepsDeletedServers() {
        nova.keepsDeleted();
    }

    public synchronized void failNextBuild(String fault) {
        nova.failNextBuild(fault);
    }

    /// Before the next server is built somebody removes its port.
    public synchronized void loseNextPort() {
        nova.loseNextPort();
    }

    /// Nova is asked for this server, and its cell is down.
    public synchronized void cellDown(boolean isDown) {
        for (InMemoryServer server : nova.servers.values()) {
            server.hiddenFor = isDown ? Integer.MAX_VALUE : 0;
            server.status = isDown ? "UNKNOWN" : "ACTIVE";
        }
    }

    /// All servers stop, and nobody asked for it.
    public synchronized void stopAll() {
        nova.servers.values().forEach(server -> server.status = "SHUTOFF");
    }

    /// Somebody removes all servers, and nothing else.
    public synchronized void vanishAll() {
        for (InMemoryServer server : List.copyOf(nova.servers.values())) {
            server.ports.forEach(id ->
                    neutron.port(id)
                            .ifPresent(port -> port.put("device_id", "").put("device_owner", "")));
            nova.servers.remove(server.id);
        }
    }

    /// A server is up and prints.
    public synchronized void print(String metadata, String text) {
        for (InMemoryServer server : nova.servers.values()) {
            if (server.metadata.containsValue(metadata)) {
                server.status = "ACTIVE";
                server.console.append(text);
            }
        }
    }

    /// What was asked of Nova for each server.
    public synchronized List<ObjectNode> wishes() {
        return nova.servers.values().stream().map(server -> server.wish).toList();
    }

    /// The ports.
    public synchronized List<ObjectNode> ports() {
        return List.copyOf(neutron.ports.values());
    }

    public synchronized List<ObjectNode> floatingAddresses() {
        return List.copyOf(neutron.floating.values());
    }

    public synchronized List<ObjectNode> serverGroups() {
        return nova.groups();
    }

    /// All that is there of a machine, found by its id in what people would read.
    public synchronized List<String> remainsOf(String machine) {
        List<String> remains = new ArrayList<>();
        for (InMemoryServer server : nova.servers.values()) {
            if (server.metadata.containsValue(machine)) {
                remains.add("server " + server.id + " " + server.status.toLowerCase(Locale.ROOT));
            }
        }
        for (ObjectNode port : neutron.ports.values()) {
            if (port.path("name").stringValue("").contains("/" + machine + "/")) {
                remains.add("port " + port.path("id"));
            }
        }
        for (ObjectNode address : neutron.floating.values()) {
            if (address.path("description").stringValue("").contains("/" + machine + "/")) {
                remains.add("floating address " + address.path("id"));
            }
        }
        return remains;
    }
}
