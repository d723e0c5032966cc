package dev.formwork.workflow.schema;

import com.networknt.schema.Error;

import dev.formwork.model.Names;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The validator's errors in Formwork's words. The validator's own messages aren't used: they quote
/// values.
final class Complaints {
    private static final Set<String> BRANCHES = Set.of("anyOf", "oneOf");

    private static final int MAX_COMPLAINTS = 20;

    private final Value value;
    private final JsonNode schema;

    /// @param pointer where inside the value; never inside a secret
    /// @param detail goes on after the value's name: "must be an integer ..."
    record Complaint(String pointer, String detail, @Nullable String hint) {}

    Complaints(Value value, JsonNode schema) {
        this.value = value;
        this.schema = schema;
    }

    /// Where none of several forms fits, that is one complaint, not one for each thing in each
    /// form.
    List<Complaint> about(List<Error> errors) {
        Map<String, Complaint> complaints = new LinkedHashMap<>();
        for (Error error : errors) {
            if (complaints.size() == MAX_COMPLAINTS) {
                break;
            }
            int branch = branch(error);
            Complaint complaint = branch < 0 ? single(error) : noForm(error, branch);
            complaints.putIfAbsent(complaint.pointer() + " " + complaint.detail(), complaint);
        }
        return List.copyOf(complaints.values());
    }

    /// The position of the outermost anyOf or oneOf in the path through the schema, or -1.
    private static int branch(Error error) {
        var path = error.getEvaluationPath();
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            Object next = path.getElement(i + 1);
            if (BRANCHES.contains(String.valueOf(path.getElement(i)))
                    && next.toString().chars().allMatch(Character::isDigit)) {
                return i;
            }
        }
        return -1;
    }

    private Complaint noForm(Error error, int branch) {
        // The path through the value isn't known at the branch: the whole value is meant.
        Place place = place(error);
        String pointer = branch == 0 ? "" : place.pointer();
        return new Complaint(
                pointer,
                "fits none of the forms that are allowed",
                place.secret() ? null : "one of them: it " + single(error).detail());
    }

    private Complaint single(Error error) {
        Place place = place(error);
        Explanation explanation = explain(error, place.secret());
        return new Complaint(place.pointer(), explanation.detail(), explanation.hint());
    }

    private record Explanation(String detail, @Nullable String hint) {}

    /// @param secret whether this is inside one, and so not to be shown
    private record Place(String pointer, boolean secret) {}

    private Place place(Error error) {
        var path = error.getInstanceLocation();
        StringBuilder pointer = new StringBuilder();
        Value at = value;
        for (int i = 0; i < path.getNameCount() && !(at instanceof Value.Secret); i++) {
            Object step = path.getElement(i);
            pointer.append(JsonValues.step(Names.abbreviate(step.toString())));
            at = inside(at, step.toString());
        }
        return new Place(pointer.toString(), at instanceof Value.Secret);
    }

    private static Value inside(Value value, String step) {
        Value inner =
                switch (value) {
                    case Value.Struct(Map<String, Value> fields) -> fields.get(step);
                    case Value.Sequence(List<Value> items) -> {
                        boolean index =
                                !step.isEmpty()
                                        && step.length() < 9
                                        && step.chars().allMatch(c -> c >= '0' && c <= '9');
                        int i = index ? Integer.parseInt(step) : -1;
                        yield i >= 0 && i < items.size() ? items.get(i) : null;
                    }
                    case Value.Null _,
                            Value.Bool _,
                            Value.Int _,
                            Value.Real _,
                            Value.Text _,
                            Value.Secret _ ->
                            null;
                };
        return inner == null ? new Value.Null() : inner;
    }

    private Explanation explain(Error error, boolean secret) {
        String limit = argument(error, 0);
        return switch (String.valueOf(error.getKeyword())) {
            case "type" -> wrongType(error, secret);
            case "enum" -> enumeration(error, secret);
            case "const" -> plain("must be " + node(error.getSchemaNode()));
            case "required" -> plain("lacks `" + property(error) + "`");
            case "dependentRequired" -> plain("lacks `" + limit + "`, which another field needs");
            case "additionalProperties", "unevaluatedProperties" -> unknownField(error, secret);
            case "minimum" -> plain("must be at least " + limit);
            case "maximum" -> plain("must be at most " + limit);
            case "exclusiveMinimum" -> plain("must be greater than " + limit);
            case "exclusiveMaximum" -> plain("must be less than " + limit);
            case "multipleOf" -> plain("must be a multiple of " + limit);
            case "minLength" -> plain("must have at least " + limit + " characters");
            case "maxLength" -> plain("must have at most " + limit + " characters");
            case "pattern" -> plain("must match " + Names.abbreviate(node(error.getSchemaNode())));
            case "format" ->
                    plain(
                            (secret ? "isn't " : shown(error) + "isn't ")
                                    + format(error.getSchemaNode()));
            case "minItems" -> plain("must have at least " + limit + " items");
            case "maxItems" -> plain("must have at most " + limit + " items");
            case "uniqueItems" -> plain("has an item twice");
            case "minProperties" -> plain("must have at least " + limit + " fields");
            case "maxProperties" -> plain("must have at most " + limit + " fields");
            case "propertyNames" -> plain("has a field whose name isn't allowed");
            case "contains", "minContains", "maxContains" -> plain("doesn't contain what it must");
            case "oneOf" -> plain("fits several of the forms of which it may fit only one");
            case "anyOf" -> plain("fits none of the forms that are allowed");
            case "not" -> plain("has a form that isn't allowed");
            case "items", "prefixItems", "unevaluatedItems" ->
                    plain("has an item that isn't allowed");
            default -> plain("isn't valid (" + error.getKeyword() + ")");
        };
    }

    private static Explanation plain(String detail) {
        return new Explanation(detail, null);
    }

    private static String argument(Error error, int index) {
        Object[] arguments = error.getArguments();
        return arguments == null || arguments.length <= index
                ? "?"
                : Names.abbreviate(String.valueOf(arguments[index]));
    }

    private static String property(Error error) {
        return Names.abbreviate(String.valueOf(error.getProperty()));
    }

    private static Explanation wrongType(Error error, boolean secret) {
        JsonNode found = error.getInstanceNode();
        JsonNode wanted = error.getSchemaNode();
        List<String> types = new ArrayList<>();
        if (wanted != null && wanted.isArray()) {
            wanted.forEach(type -> types.add(article(type.asString(""))));
        } else if (wanted != null) {
            types.add(article(wanted.asString("")));
        }
        String detail = "must be " + String.join(" or ", types);
        if (found == null || secret) {
            return plain(detail);
        }
        String hint =
                found.isString() && !types.contains("text") && looksLikeScalar(found.asString())
                        ? "without quotes it wouldn't be text"
                        : null;
        return new Explanation(detail + ", and is " + kind(found), hint);
    }

    private static boolean looksLikeScalar(String text) {
        return text.matches("-?\\d{1,18}(\\.\\d{1,18})?|true|false");
    }

    private static String article(String type) {
        return switch (type) {
            case "integer", "array", "object" -> "an " + type;
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "string" -> "text";
            default -> type;
        };
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "the text \"" + Names.abbreviate(node.asString()) + "\"";
            case NUMBER, BOOLEAN -> node.toString();
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "something else";
        };
    }

    private static String shown(Error error) {
        JsonNode found = error.getInstanceNode();
        return found != null && found.isString()
                ? "(\"" + Names.abbreviate(found.asString()) + "\") "
                : "";
    }

    private static Explanation enumeration(Error error, boolean secret) {
        JsonNode allowed = error.getSchemaNode();
        List<String> texts = new ArrayList<>();
        if (allowed != null) {
            allowed.forEach(one -> texts.add(node(one)));
        }
        String some =
                texts.stream().limit(12).map(Names::abbreviate).collect(Collectors.joining(", "));
        JsonNode found = error.getInstanceNode();
        Optional<String> nearest =
                secret || found == null || !found.isString()
                        ? Optional.empty()
                        : Names.nearest(found.asString(), texts);
        return new Explanation(
                "must be one of " + some + (texts.size() > 12 ? ", ..." : ""),
                nearest.map(one -> "did you mean " + Names.abbreviate(one) + "?").orElse(null));
    }

    private Explanation unknownField(Error error, boolean secret) {
        if (secret) {
            return plain("has an unknown field");
        }
        List<String> known = new ArrayList<>();
        siblings(error).ifPresent(properties -> known.addAll(properties.propertyNames()));
        return new Explanation(
                "has an unknown field `" + property(error) + "`",
                Names.nearest(String.valueOf(error.getProperty()), known)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse(null));
    }

    /// The `properties` beside the `additionalProperties` that refused.
    private Optional<JsonNode> siblings(Error error) {
        var fragment = error.getSchemaLocation().getFragment();
        JsonNode at = schema;
        for (int i = 0; i < fragment.getNameCount() - 1 && at != null; i++) {
            Object step = fragment.getElement(i);
            at = step instanceof Integer index ? at.get(index) : at.get(step.toString());
        }
        return Optional.ofNullable(at).map(node -> node.get("properties"));
    }

    private static String node(@Nullable JsonNode node) {
        return node == null ? "?" : node.isString() ? node.asString() : node.toString();
    }

    private static String format(@Nullable JsonNode format) {
        String name = node(format);
        return switch (name) {
            case "date-time" -> "a time such as 2025-01-31T12:00:00Z";
            case "date" -> "a date such as 2025-01-31";
            case "time" -> "a time of day such as 12:00:00Z";
            case "duration" -> "a duration such as PT5M";
            case "ipv4" -> "an IPv4 address";
            case "ipv6" -> "an IPv6 address";
            case "hostname", "idn-hostname" -> "a host name";
            case "email", "idn-email" -> "an e-mail address";
            case "uri", "iri" -> "an absolute URI";
            case "uuid" -> "a UUID";
            case "regex" -> "a regular expression";
            default -> "a " + name;
        };
    }
}
