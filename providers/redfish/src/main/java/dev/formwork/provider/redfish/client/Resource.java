package dev.formwork.provider.redfish.client;

import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a service says of one thing: a JSON object. Each part of it is asked for with the type that
/// it must have; one that is missing, `null` or of another type is not there. Texts are cut to
/// [#LONGEST_TEXT] characters and have no control characters.
///
/// Immutable.
public final class Resource {
    static final int LONGEST_TEXT = 512;
    private static final int MOST_PARTS = 4096;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode node;
    private final Link link;
    private final URI service;
    private final Optional<String> etag;

    private Resource(JsonNode node, Link link, URI service, Optional<String> etag) {
        this.node = node;
        this.link = link;
        this.service = service;
        this.etag = etag;
    }

    /// @throws dev.formwork.model.ProblemException `redfish.protocol` where it is no JSON object
    static Resource parse(Link link, URI service, Answer answer) {
        JsonNode node;
        try {
            node = JSON.readTree(answer.body());
        } catch (JacksonException garbled) {
            throw noObject(link);
        }
        if (node == null || !node.isObject()) {
            throw noObject(link);
        }
        Optional<String> etag =
                answer.header("etag")
                        .or(() -> string(node.get("@odata.etag")))
                        .filter(Resource::isEtag);
        return new Resource(node, link, service, etag);
    }

    /// Nothing but an object without parts, where the answer has no body that could be read.
    static Resource parseLeniently(Link link, URI service, Answer answer) {
        try {
            JsonNode node = answer.body().isBlank() ? null : JSON.readTree(answer.body());
            if (node != null && node.isObject()) {
                return new Resource(node, link, service, Optional.empty());
            }
        } catch (JacksonException garbled) {
            // An error page of a proxy, for one: the status says enough.
        }
        return new Resource(JsonNodeFactory.instance.objectNode(), link, service, Optional.empty());
    }

    static String write(Map<String, ?> body) {
        return JSON.writeValueAsString(body);
    }

    static boolean isJson(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && !node.isMissingNode();
        } catch (JacksonException garbled) {
            return false;
        }
    }

    private static RuntimeException noObject(Link link) {
        return RedfishCode.PROTOCOL.problem(
                "what the service gives for %s is no JSON object".formatted(link),
                "is this the address of a management controller?");
    }

    /// It goes into a header as it is.
    private static boolean isEtag(String etag) {
        return etag.matches("(W/)?\"[!#-~]{0,256}\"|[!#-~]{1,256}");
    }

    /// Where it is; of a part of a resource, where that is.
    public Link self() {
        return link;
    }

    /// By which a change says which state it is meant for.
    Optional<String> etag() {
        return etag;
    }

    /// @param path names of members, each inside the one before
    public boolean has(String... path) {
        JsonNode found = at(path);
        return found != null && !found.isNull();
    }

    public Optional<String> text(String... path) {
        return string(at(path));
    }

    private static Optional<String> string(@Nullable JsonNode found) {
        return found != null && found.isString()
                ? Optional.of(clean(found.stringValue()))
                : Optional.empty();
    }

    /// A text without what could disturb a terminal or a log, of bounded length, stripped.
    static String clean(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}]", " ").strip();
    }

    public Optional<Boolean> flag(String... path) {
        JsonNode found = at(path);
        return found != null && found.isBoolean()
                ? Optional.of(found.booleanValue())
                : Optional.empty();
    }

    /// A finite number.
    public Optional<Double> number(String... path) {
        JsonNode found = at(path);
        if (found == null || !found.isNumber()) {
            return Optional.empty();
        }
        double value = found.asDouble(Double.NaN);
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }

    /// A number, cut to a whole one.
    public Optional<Long> whole(String... path) {
        return number(path).map(Double::longValue);
    }

    /// The texts of an array.
    public List<String> texts(String... path) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : array(path)) {
            string(each).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    /// An object inside; one without members where there is none.
    public Resource part(String... path) {
        JsonNode found = at(path);
        return within(
                found != null && found.isObject() ? found : JsonNodeFactory.instance.objectNode());
    }

    /// The objects of an array.
    public List<Resource> parts(String... path) {
        List<Resource> found = new ArrayList<>();
        for (JsonNode each : array(path)) {
            if (each.isObject()) {
                found.add(within(each));
            }
        }
        return found;
    }

    /// The names of the members of an object, in their order.
    public List<String> names() {
        return node.propertyNames().stream().limit(MOST_PARTS).toList();
    }

    /// The texts, numbers and truth values of an object, by name, in no particular order.
    public Map<String, Value> values(String... path) {
        Map<String, Value> found = new TreeMap<>();
        if (at(path) instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                if (found.size() < MOST_PARTS) {
                    value(each.getValue())
                            .ifPresent(value -> found.put(clean(each.getKey()), value));
                }
            }
        }
        return Map.copyOf(found);
    }

    private static Optional<Value> value(JsonNode node) {
        if (node.isString()) {
            return Optional.of(Value.of(clean(node.stringValue())));
        }
        if (node.isBoolean()) {
            return Optional.of(Value.of(node.booleanValue()));
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return Optional.of(Value.of(node.longValue()));
        }
        return node.isNumber() && Double.isFinite(node.asDouble(Double.NaN))
                ? Optional.of(Value.of(node.asDouble(0)))
                : Optional.empty();
    }

    /// Where a reference, `{"@odata.id": ...}`, points to.
    ///
    /// @throws dev.formwork.model.ProblemException `redfish.protocol` where it leads to another
    ///   host
    public Optional<Link> link(String... path) {
        return part(path).rawText("@odata.id").map(text -> Link.of(text, service));
    }

    /// Where a URI that is a text, such as the target of an action, points to.
    ///
    /// @throws dev.formwork.model.ProblemException as [#link]
    public Optional<Link> uri(String... path) {
        return rawText(path).map(text -> Link.of(text, service));
    }

    /// Where the references of an array point to.
    ///
    /// @throws dev.formwork.model.ProblemException as [#link]
    public List<Link> links(String... path) {
        List<Link> found = new ArrayList<>();
        for (Resource each : parts(path)) {
            each.rawText("@odata.id").ifPresent(text -> found.add(Link.of(text, service)));
        }
        return found;
    }

    /// Not cut and not cleaned: what is to be checked, not shown.
    private Optional<String> rawText(String... path) {
        JsonNode found = at(path);
        return found != null && found.isString()
                ? Optional.of(found.stringValue())
                : Optional.empty();
    }

    private Resource within(JsonNode part) {
        return new Resource(part, link, service, Optional.empty());
    }

    private List<JsonNode> array(String... path) {
        JsonNode found = at(path);
        List<JsonNode> items = new ArrayList<>();
        if (found != null && found.isArray()) {
            for (JsonNode each : found) {
                if (items.size() == MOST_PARTS) {
                    throw RedfishCode.PROTOCOL.problem(
                            "%s has more than %d parts".formatted(link, MOST_PARTS), null);
                }
                items.add(each);
            }
        }
        return items;
    }

    private @Nullable JsonNode at(String... path) {
        JsonNode found = node;
        for (String name : path) {
            found = found instanceof ObjectNode object ? object.get(name) : null;
            if (found == null) {
                return null;
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
