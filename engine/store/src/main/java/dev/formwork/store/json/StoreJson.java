package dev.formwork.store.json;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/// The JSON documents of the store: `v` says in which format. A field that is not known is ignored,
/// so that an engine reads what one a little newer wrote; a newer format is refused.
final class StoreJson {
    static final int VERSION = 1;

    /// More than Jackson's own limit of 500: facts that came in under that one can be stored.
    private static final int DEPTH = 1_000;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .streamWriteConstraints(
                                            StreamWriteConstraints.builder()
                                                    .maxNestingDepth(DEPTH)
                                                    .build())
                                    .build())
                    .build();

    private StoreJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ObjectNode document() {
        return object().put("v", VERSION);
    }

    static String write(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }

    /// @param place what it is, for the problem
    static Fields read(String text, String place) {
        try {
            Fields fields = new Fields(MAPPER.readTree(text), place);
            int version = fields.number("v");
            if (version > VERSION) {
                throw ProblemException.of(
                        "store.newer",
                        place + " was written in format " + version + " by a newer engine",
                        "start an engine at least as new as the one that wrote it");
            }
            return fields;
        } catch (JacksonException e) {
            throw damaged(place, "it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static JsonNode readAny(String text, String place) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw damaged(place, "it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static ProblemException damaged(String place, String detail, Throwable cause) {
        return new ProblemException(List.of(problem(place, detail)), cause);
    }

    static ProblemException damaged(String place, String detail) {
        return new ProblemException(problem(place, detail));
    }

    private static Problem problem(String place, String detail) {
        return Problem.of(
                "store.damaged",
                place + " cannot be read: " + detail,
                "restore the store from a backup");
    }
}
