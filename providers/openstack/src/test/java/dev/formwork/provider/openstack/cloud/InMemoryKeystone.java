package dev.formwork.provider.openstack.cloud;

import dev.formwork.provider.tck.HttpService.Response;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Keystone, v3. Guarded by the cloud.
final class InMemoryKeystone {
    private final Clock clock;
    private final Map<String, Instant> tokens = new HashMap<>();
    private Duration life = Duration.ofHours(1);
    private int logins;

    InMemoryKeystone(Clock clock) {
        this.clock = clock;
    }

    void tokensLive(Duration life) {
        this.life = life;
    }

    void revokeAll() {
        tokens.clear();
    }

    int logins() {
        return logins;
    }

    boolean knows(String token) {
        Instant end = tokens.get(token);
        return end != null && clock.instant().isBefore(end);
    }

    /// @param root of the whole cloud, as the caller reaches it
    Response answer(Asked asked, String root) {
        if (asked.is("POST auth/tokens")) {
            return issue(asked.body(), root);
        }
        if (asked.path().isEmpty() && asked.method().equals("GET")) {
            ObjectNode version = version(root);
            return json(200, Asked.JSON.createObjectNode().set("version", version));
        }
        throw Refusal.notFound("The resource could not be found.");
    }

    static ObjectNode version(String root) {
        ObjectNode version = Asked.JSON.createObjectNode();
        version.put("id", "v3.14").put("status", "stable").put("updated", "2020-04-07T00:00:00Z");
        version.putArray("links")
                .addObject()
                .put("rel", "self")
                .put("href", root + "/identity/v3/");
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.identity-v3+json");
        return version;
    }

    private Response issue(JsonNode body, String root) {
        Asked.takes(body, "auth");
        JsonNode auth = body.path("auth");
        Asked.takes(auth, "identity", "scope");
        JsonNode identity = auth.path("identity");
        Asked.takes(identity, "methods", "password", "application_credential", "token");
        String method = identity.path("methods").path(0).stringValue("");
        boolean isKnown =
                switch (method) {
                    case "password" ->
                            isUser(identity.path("password").path("user"))
                                    && isProject(auth.path("scope").path("project"));
                    case "application_credential" ->
                            isCredential(identity.path("application_credential"))
                                    && !auth.has("scope");
                    case "token" -> knows(identity.path("token").path("id").stringValue(""));
                    default -> throw Refusal.badRequest("no such method: " + method);
                };
        if (!isKnown) {
            throw new Refusal(
                    401, "Unauthorized", "The request you have made requires authentication.");
        }
        logins++;
        Instant now = clock.instant();
        String secret = "gAAAA" + UUID.randomUUID();
        tokens.put(secret, now.plus(life));
        ObjectNode token = Asked.JSON.createObjectNode();
        token.putArray("methods").add(method);
        token.put("issued_at", now.toString()).put("expires_at", now.plus(life).toString());
        token.set("user", named("u-1", "formwork").set("domain", named("default", "Default")));
        token.set("project", named("p-1", "lab").set("domain", named("default", "Default")));
        token.putArray("roles").add(named("r-1", "member"));
        token.set("catalog", catalog(root));
        return json(201, Asked.JSON.createObjectNode().set("token", token))
                .with("X-Subject-Token", secret);
    }

    private static boolean isUser(JsonNode user) {
        Asked.takes(user, "id", "name", "domain", "password");
        boolean isNamed =
                user.path("name").stringValue("").equals("formwork")
                        && user.path("domain").size() == 1
                        && List.of("default", "Default")
                                .contains(
                                        user.path("domain")
                                                .path("id")
                                                .stringValue(
                                                        user.path("domain")
                                                                .path("name")
                                                                .stringValue("")));
        return (isNamed || user.path("id").stringValue("").equals("u-1"))
                && user.path("password").stringValue("").equals("pass word'");
    }

    private static boolean isProject(JsonNode project) {
        Asked.takes(project, "id", "name", "domain");
        boolean isNamed =
                project.path("name").stringValue("").equals("lab")
                        && project.path("domain").size() == 1;
        return isNamed || project.path("id").stringValue("").equals("p-1");
    }

    private static boolean isCredential(JsonNode credential) {
        Asked.takes(credential, "id", "name", "user", "secret");
        boolean isNamed =
                credential.path("name").stringValue("").equals("engine")
                        && credential.path("user").path("name").stringValue("").equals("formwork");
        return (isNamed || credential.path("id").stringValue("").equals("ac-1"))
                && credential.path("secret").stringValue("").equals("s3cret");
    }

    private static ArrayNode catalog(String root) {
        ArrayNode catalog = Asked.JSON.createArrayNode();
        service(catalog, "identity", root + "/identity/v3");
        service(catalog, "compute", root + "/compute/v2.1");
        service(catalog, "image", root + "/image");
        service(catalog, "network", root + "/network");
        return catalog;
    }

    private static void service(ArrayNode catalog, String type, String url) {
        ObjectNode service = catalog.addObject().put("type", type).put("name", type);
        service.put("id", "s-" + type);
        ArrayNode endpoints = service.putArray("endpoints");
        for (String region : List.of("RegionOne", "RegionTwo")) {
            for (String face : List.of("public", "internal", "admin")) {
                boolean isReal = region.equals("RegionOne") && !face.equals("admin");
                endpoints
                        .addObject()
                        .put("id", type + region + face)
                        .put("interface", face)
                        .put("region", region)
                        .put("region_id", region)
                        .put("url", isReal ? url : "http://127.0.0.1:9/" + type);
            }
        }
    }

    private static ObjectNode named(String id, String name) {
        return Asked.JSON.createObjectNode().put("id", id).put("name", name);
    }

    static Response json(int status, JsonNode body) {
        return Response.json(status, body.toString());
    }
}
