package dev.formwork.provider.openstack.api;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.Transport.Answer;
import dev.formwork.provider.openstack.api.Transport.Call;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Calls the services of one cloud, as one user. Gets a token when it needs one, another before
/// that one ends, and once more where a service refuses it: a token may be revoked. Asks no second
/// time for any other reason. Thread-safe.
public final class Session {
    /// Microversions of Nova: below the first there is nothing, and beyond the last nothing that we
    /// need. With 2.69 a server of a cell that is down is shown as `UNKNOWN` and not left out.
    static final Microversion LAST = new Microversion(2, 69);

    private static final int PAGE = 500;

    private final Access access;
    private final Transport transport;
    private final Clock clock;
    private final Keystone keystone;
    private final ReentrantLock logins = new ReentrantLock();
    private volatile @Nullable Token token;
    private volatile @Nullable Microversion microversion;

    public Session(Access access, Transport transport, Clock clock) {
        this.access = access;
        this.transport = transport;
        this.clock = clock;
        this.keystone = new Keystone(access, transport, clock);
    }

    /// Of Nova.
    public record Microversion(int major, int minor) {
        static Optional<Microversion> parse(String text) {
            return text.matches("[0-9]{1,4}\\.[0-9]{1,4}")
                    ? Optional.of(
                            new Microversion(
                                    Integer.parseInt(text.substring(0, text.indexOf('.'))),
                                    Integer.parseInt(text.substring(text.indexOf('.') + 1))))
                    : Optional.empty();
        }

        public boolean isAtLeast(int minor) {
            return this.major > 2 || this.minor >= minor;
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /// The newest that this Nova and we both speak.
    public Microversion microversion() {
        Microversion known = microversion;
        if (known != null) {
            return known;
        }
        String root = root(Service.COMPUTE).toString().replaceAll("(/v2(\\.[01])?).*$", "$1/");
        JsonNode body = send(Service.COMPUTE, "GET", URI.create(root), null).path("version");
        if (!body.isObject()) {
            throw Failures.garbled("GET " + root);
        }
        Microversion offered =
                Microversion.parse(body.path("version").stringValue(""))
                        .orElse(new Microversion(2, 1));
        Microversion chosen = offered.isAtLeast(LAST.minor()) ? LAST : offered;
        microversion = chosen;
        return chosen;
    }

    /// What a service says to a GET.
    ///
    /// @throws ProblemException `provider.not-found` too
    JsonNode read(Service service, String path, Map<String, String> query) {
        JsonNode body = send(service, "GET", uri(service, path, query), null);
        if (!body.isObject()) {
            throw Failures.garbled("GET " + path);
        }
        return body;
    }

    /// The same, where nothing may be there.
    Optional<JsonNode> find(Service service, String path) {
        try {
            return Optional.of(read(service, path, Map.of()));
        } catch (ProblemException failed) {
            if (isNotFound(failed)) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /// All of a collection, through all its pages.
    ///
    /// @param key of the list in the answer
    List<JsonNode> readAll(Service service, String path, String key, Map<String, String> query) {
        List<JsonNode> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<String, String> asked = new LinkedHashMap<>(query);
        asked.put("limit", String.valueOf(PAGE));
        while (true) {
            JsonNode body = page(service, path, asked);
            JsonNode page = body.path(key);
            if (!page.isArray()) {
                throw Failures.garbled("GET " + path);
            }
            String last = "";
            for (JsonNode each : page) {
                last = each.path("id").stringValue("");
                if (!seen.add(last)) {
                    throw Failures.garbled("GET " + path + " after " + asked.get("marker"));
                }
                all.add(each);
            }
            if (page.isEmpty() || !hasNext(body, key)) {
                return all;
            }
            asked.put("marker", last);
        }
    }

    /// The last one of a page may be gone before the next page is asked for: then it is all to be
    /// read anew.
    private JsonNode page(Service service, String path, Map<String, String> query) {
        try {
            return read(service, path, query);
        } catch (ProblemException failed) {
            boolean isOfTheMarker =
                    query.containsKey("marker")
                            && (failed.code().equals(ProviderCode.INVALID_SPEC.code())
                                    || isNotFound(failed));
            throw isOfTheMarker
                    ? ProviderCode.UNAVAILABLE.problem(
                            "the list %s changed while it was read".formatted(path), null, failed)
                    : failed;
        }
    }

    /// Nova and Neutron: `servers_links: [{rel: next}]`; Glance: `next`.
    private static boolean hasNext(JsonNode body, String key) {
        for (JsonNode link : body.path(key + "_links")) {
            if (link.path("rel").stringValue("").equals("next")) {
                return true;
            }
        }
        return body.path("next").isString();
    }

    /// Has a service change something; its answer, missing where it says nothing.
    JsonNode change(Service service, String method, String path, @Nullable Map<String, ?> body) {
        return send(
                service,
                method,
                uri(service, path, Map.of()),
                body == null ? null : Json.text(body));
    }

    /// Has a service remove something; what is gone already is fine.
    void remove(Service service, String path) {
        try {
            change(service, "DELETE", path, null);
        } catch (ProblemException failed) {
            if (!isNotFound(failed)) {
                throw failed;
            }
        }
    }

    private static boolean isNotFound(ProblemException failed) {
        return failed.code().equals(ProviderCode.NOT_FOUND.code());
    }

    private URI root(Service service) {
        URI configured = access.endpoints().get(service);
        URI endpoint =
                configured != null
                        ? configured
                        : token(null).catalog().endpoint(service, access.region(), access.face());
        return service.root(endpoint);
    }

    private URI uri(Service service, String path, Map<String, String> query) {
        StringBuilder uri = new StringBuilder(root(service).toString()).append(path);
        char next = '?';
        for (Map.Entry<String, String> each : query.entrySet()) {
            uri.append(next)
                    .append(encoded(each.getKey()))
                    .append('=')
                    .append(encoded(each.getValue()));
            next = '&';
        }
        return URI.create(uri.toString());
    }

    /// For a path as well as for a query.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode send(Service service, String method, URI uri, @Nullable String body) {
        Token with = token(null);
        Answer answer = sendOnce(service, method, uri, body, with);
        if (answer.status() == 401) {
            answer = sendOnce(service, method, uri, body, token(with));
        }
        String what = method + " " + uri.getRawPath();
        JsonNode read = Json.read(answer.body());
        if (answer.status() == 404 && service == Service.IMAGE) {
            throw ProviderCode.NOT_FOUND.problem("Glance has nothing at " + what, null);
        }
        if (answer.status() / 100 != 2) {
            throw Failures.refused(what, answer, read);
        }
        if (read.isMissingNode() && !answer.body().isBlank()) {
            throw Failures.garbled(what);
        }
        return read;
    }

    private Answer sendOnce(
            Service service, String method, URI uri, @Nullable String body, Token with) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Auth-Token", with.secret());
        headers.put("Accept", "application/json");
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        Microversion known = microversion;
        if (service == Service.COMPUTE && known != null) {
            headers.put("OpenStack-API-Version", "compute " + known);
            headers.put("X-OpenStack-Nova-API-Version", known.toString());
        }
        try {
            return transport.send(new Call(method, uri, headers, body));
        } catch (IOException failed) {
            throw Failures.unreachable(method + " " + uri.getRawPath(), failed);
        } catch (InterruptedException cancelled) {
            throw interrupted();
        }
    }

    /// One that is good for a while.
    ///
    /// @param refused one that a service does not accept any more
    private Token token(@Nullable Token refused) {
        Token known = token;
        if (known != null && isGood(known, refused)) {
            return known;
        }
        try {
            logins.lockInterruptibly();
        } catch (InterruptedException cancelled) {
            throw interrupted();
        }
        try {
            known = token;
            if (known != null && isGood(known, refused)) {
                return known;
            }
            Token fresh = keystone.login();
            token = fresh;
            return fresh;
        } catch (InterruptedException cancelled) {
            throw interrupted();
        } finally {
            logins.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // Two tokens with the same text do not come about.
    private boolean isGood(Token known, @Nullable Token refused) {
        return known != refused && !known.isStale(clock.instant());
    }

    private static ProblemException interrupted() {
        Thread.currentThread().interrupt();
        return ProviderCode.INTERRUPTED.problem(
                "interrupted while the cloud was asked", "repeat the operation to go on");
    }
}
