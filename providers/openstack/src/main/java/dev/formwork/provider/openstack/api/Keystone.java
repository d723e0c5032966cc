package dev.formwork.provider.openstack.api;

import dev.formwork.model.value.Value;
import dev.formwork.provider.openstack.api.Access.Identity;
import dev.formwork.provider.openstack.api.Access.Named;
import dev.formwork.provider.openstack.api.Access.Scope;
import dev.formwork.provider.openstack.api.Transport.Answer;
import dev.formwork.provider.openstack.api.Transport.Call;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gets tokens from Keystone, v3: `POST /v3/auth/tokens`.
final class Keystone {
    private final Access access;
    private final Transport transport;
    private final Clock clock;

    Keystone(Access access, Transport transport, Clock clock) {
        this.access = access;
        this.transport = transport;
        this.clock = clock;
    }

    /// @throws dev.formwork.model.ProblemException `provider.credentials`, and as the services do
    Token login() throws InterruptedException {
        String what = "the login at " + access.authUrl();
        Call call =
                new Call(
                        "POST",
                        URI.create(access.authUrl() + "/v3/auth/tokens"),
                        Map.of("Content-Type", "application/json", "Accept", "application/json"),
                        Json.text(Map.of("auth", auth())));
        Answer answer;
        try {
            answer = transport.send(call);
        } catch (IOException failed) {
            throw Failures.unreachable(what, failed);
        }
        JsonNode body = Json.read(answer.body());
        if (answer.status() != 201 && answer.status() != 200) {
            throw Failures.refused(what, answer, body);
        }
        JsonNode token = body.path("token");
        String secret = answer.header("X-Subject-Token").orElse("");
        if (secret.isEmpty() || !token.isObject()) {
            throw Failures.garbled(what);
        }
        Instant now = clock.instant();
        try {
            return new Token(
                    secret, now, now.plus(life(token, now)), Catalog.read(token.path("catalog")));
        } catch (DateTimeParseException wrong) {
            throw Failures.garbled(what);
        }
    }

    /// How long it is good for by Keystone's own clock, for ours may be another.
    private static Duration life(JsonNode token, Instant now) {
        Instant end = Instant.parse(token.path("expires_at").stringValue(""));
        String issued = token.path("issued_at").stringValue("");
        return Duration.between(issued.isEmpty() ? now : Instant.parse(issued), end);
    }

    private Map<String, Object> auth() {
        Map<String, Object> auth = new LinkedHashMap<>();
        auth.put("identity", identity());
        if (access.scope() instanceof Scope.Project(Named project, Named domain)) {
            auth.put("scope", Map.of("project", inDomain(project, domain)));
        }
        return auth;
    }

    private Map<String, Object> identity() {
        return switch (access.identity()) {
            case Identity.Password(Named user, Named domain, Value.Secret password) -> {
                Map<String, Object> who = inDomain(user, domain);
                who.put("password", plain(password));
                yield method("password", Map.of("user", who));
            }
            case Identity.ApplicationCredential(
                            Named credential,
                            var user,
                            Named domain,
                            Value.Secret secret) -> {
                Map<String, Object> who = new LinkedHashMap<>();
                who.put(credential.key(), credential.value());
                who.put("secret", plain(secret));
                user.ifPresent(named -> who.put("user", inDomain(named, domain)));
                yield method("application_credential", who);
            }
            case Identity.Token(Value.Secret token) -> method("token", Map.of("id", plain(token)));
        };
    }

    private static Map<String, Object> method(String name, Map<String, Object> what) {
        return Map.of("methods", List.of(name), name, what);
    }

    /// An id says the domain by itself.
    private static Map<String, Object> inDomain(Named named, Named domain) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(named.key(), named.value());
        if (named.key().equals("name")) {
            all.put("domain", Map.of(domain.key(), domain.value()));
        }
        return all;
    }

    private static String plain(Value.Secret secret) {
        return secret.revealed().toString();
    }
}
