package dev.formwork.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The API's JSON: records with keys in snake_case, absent instead of null, times as RFC 3339, and
/// [Value]s as plain JSON in which a secret is `***`. Thread-safe.
public final class ApiJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(100)
                                                    .maxStringLength(64 * 1024 * 1024)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .changeDefaultPropertyInclusion(any ->
                            any.withValueInclusion(JsonInclude.Include.NON_ABSENT)
                                    .withContentInclusion(JsonInclude.Include.ALWAYS))
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Value.class, new ValueWriter())
                                    .addDeserializer(Value.class, new ValueReader())
                                    .addDeserializer(
                                            Value.Struct.class, new ValueReader.OfStruct()))
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build();

    private ApiJson() {}

    /// UTF-8 bytes.
    public static byte[] write(Object answer) {
        return MAPPER.writeValueAsBytes(answer);
    }

    /// The body of a request; an empty one reads as `{}`.
    ///
    /// @throws ProblemException `request.malformed`, `request.unknown-key` with the nearest known
    ///   key as the hint
    public static <T> T read(Optional<byte[]> body, Class<T> type) {
        byte[] json = body.filter(bytes -> bytes.length > 0).orElse(new byte[] {'{', '}'});
        try {
            T request = MAPPER.readValue(json, type);
            return Objects.requireNonNull(request, "null");
        } catch (UnrecognizedPropertyException e) {
            throw unknownKey(e);
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "request.malformed",
                                    "the body is not as the route wants it: " + reason(e),
                                    "GET /api/v1/openapi.yaml says what it wants")),
                    e);
        }
    }

    private static ProblemException unknownKey(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        List<String> names =
                known == null ? List.of() : known.stream().map(String::valueOf).toList();
        return ProblemException.of(
                "request.unknown-key",
                "unknown key " + Names.abbreviate(e.getPropertyName()),
                Names.nearest(e.getPropertyName(), names)
                        .map("did you mean %s?"::formatted)
                        .orElse("known are " + String.join(", ", names)));
    }

    /// The place and the complaint, without the text that was read: it can hold secrets.
    private static String reason(Exception failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        if (root instanceof ProblemException problem) {
            return problem.problems().getFirst().detail();
        }
        String complaint =
                root instanceof JacksonException ? "not JSON of this form" : root.getMessage() + "";
        return failure instanceof DatabindException e && !e.getPath().isEmpty()
                ? complaint + " at " + place(e)
                : complaint;
    }

    private static String place(DatabindException failure) {
        return failure.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null
                                ? "/" + step.getIndex()
                                : "/" + Names.abbreviate(step.getPropertyName()))
                .collect(Collectors.joining());
    }
}
