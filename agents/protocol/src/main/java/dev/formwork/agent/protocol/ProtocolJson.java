package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

import java.util.stream.Collectors;

/// Turns the protocol's records into JSON and back. Unknown fields are ignored; everything else
/// that is not as the records say is a [ProtocolException] with the code `protocol.malformed`,
/// whatever the bytes are. Thread-safe.
public final class ProtocolJson {
    private static final int DEEPEST = 100;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build();

    private ProtocolJson() {}

    /// UTF-8 bytes of one record.
    public static byte[] write(Object message) {
        return MAPPER.writeValueAsBytes(message);
    }

    /// UTF-8 bytes of one of a family of records, with what its base type adds to tell them apart.
    public static <T> byte[] writeAs(T message, Class<T> base) {
        return MAPPER.writerFor(base).writeValueAsBytes(message);
    }

    /// The record that the bytes hold.
    ///
    /// @throws ProtocolException `protocol.malformed`
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T message = MAPPER.readValue(json, type);
            if (message == null) {
                throw malformed(type, "it is null", null);
            }
            return message;
        } catch (JacksonException | IllegalArgumentException e) {
            throw malformed(type, reason(e), e);
        }
    }

    /// The JSON value that the bytes hold, of any type.
    ///
    /// @throws ProtocolException `protocol.malformed`, also for no value at all
    public static JsonNode readTree(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw malformed(JsonNode.class, "it is empty", null);
            }
            return tree;
        } catch (JacksonException | IllegalArgumentException e) {
            throw malformed(JsonNode.class, reason(e), e);
        }
    }

    /// A JSON string.
    public static JsonNode string(String text) {
        return MAPPER.getNodeFactory().stringNode(text);
    }

    /// The record that a part of a message holds.
    ///
    /// @throws ProtocolException `protocol.malformed`
    public static <T> T convert(JsonNode tree, Class<T> type) {
        return read(write(tree), type);
    }

    private static ProtocolException malformed(
            Class<?> type, String reason, @Nullable Throwable cause) {
        return new ProtocolException(
                "protocol.malformed",
                "not a " + type.getSimpleName() + ": " + reason,
                "are the agent and the engine more than one version apart?",
                cause);
    }

    /// The place and the complaint, without the text that was read: it can hold secrets.
    private static String reason(Exception failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String complaint =
                root instanceof JacksonException
                        ? "not JSON of this form"
                        : String.valueOf(root.getMessage());
        return failure instanceof DatabindException e && !e.getPath().isEmpty()
                ? complaint + " at " + place(e)
                : complaint;
    }

    private static String place(DatabindException failure) {
        return failure.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null
                                ? "/" + step.getIndex()
                                : "/" + step.getPropertyName())
                .collect(Collectors.joining());
    }
}
