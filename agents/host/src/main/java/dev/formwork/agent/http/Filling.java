package dev.formwork.agent.http;

import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Puts inputs into a call. A template is one of `{value: ...}`, `{input: name}`, `{text: [literal,
/// {input: name}, ...]}`, `{items: [template, ...]}` and `{fields: {key: template}}`.
final class Filling {
    private final Map<String, JsonNode> inputs;

    Filling(Map<String, JsonNode> inputs) {
        this.inputs = inputs;
    }

    /// A value: whatever an input is, it stays that, and changes nothing around it.
    JsonNode value(JsonNode template) throws CallException {
        if (template.has("input")) {
            return input(template);
        }
        if (template.has("text")) {
            return ProtocolJson.string(text(template));
        }
        if (template.has("items")) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (JsonNode each : template.path("items")) {
                items.add(value(each));
            }
            return items;
        }
        if (template.has("fields")) {
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> each : template.path("fields").properties()) {
                fields.set(each.getKey(), value(each.getValue()));
            }
            return fields;
        }
        return template.path("value");
    }

    /// A text: inputs stand in it as they are, or as JSON writes them.
    String text(JsonNode template) throws CallException {
        if (!template.has("text")) {
            return text(value(template), false);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : template.path("text")) {
            text.append(part.isString() ? part.stringValue() : text(input(part), false));
        }
        return text.toString();
    }

    /// An address: an input at its beginning is the beginning of an address; any other is one piece
    /// of a path or a query, whatever is in it. In a path it is never nothing: `DELETE /records/ID`
    /// would be that of all records.
    String address(JsonNode template) throws CallException {
        if (!template.has("text")) {
            return text(template);
        }
        StringBuilder address = new StringBuilder();
        for (JsonNode part : template.path("text")) {
            if (part.isString()) {
                address.append(part.stringValue());
            } else {
                String piece = text(input(part), !address.isEmpty());
                if (piece.isEmpty() && address.indexOf("?") < 0) {
                    throw CallException.failed(
                            "http.bad-call",
                            "the input "
                                    + part.path("input").asString("")
                                    + " is empty, and stands in a path");
                }
                address.append(piece);
            }
        }
        refuseDots(address.toString());
        return address.toString();
    }

    /// What a template looks like, without any values of inputs.
    static String shown(JsonNode template) {
        if (template.has("text")) {
            return StreamSupport.stream(template.path("text").spliterator(), false)
                    .map(part -> part.isString() ? part.stringValue() : shown(part))
                    .collect(Collectors.joining());
        }
        return template.has("input")
                ? "${{ inputs." + template.path("input").asString("") + " }}"
                : template.path("value").asString("");
    }

    private JsonNode input(JsonNode reference) throws CallException {
        String name = reference.path("input").asString("");
        JsonNode value = inputs.get(name);
        if (value == null) {
            throw CallException.failed("http.bad-call", "there is no input " + name);
        }
        return value;
    }

    private static String text(JsonNode value, boolean encoded) throws CallException {
        if (value.isContainer() || value.isNull()) {
            throw CallException.failed(
                    "http.bad-call", "a list, an object or null can't be put into a text");
        }
        String text = value.isString() ? value.stringValue() : value.toString();
        return !encoded
                ? text
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Also those that several pieces make together.
    private static void refuseDots(String address) throws CallException {
        for (String segment : address.split("[?#]", 2)[0].split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw CallException.failed(
                        "http.bad-call",
                        "with its inputs the address has " + segment + ", which leads elsewhere");
            }
        }
    }
}
