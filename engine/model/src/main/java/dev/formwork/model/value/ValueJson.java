package dev.formwork.model.value;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Values as JSON (RFC 8259). What is written reads back as the same value: whole numbers and reals
/// stay apart, so that `1` and `1.0` differ.
public final class ValueJson {
    /// Characters of JSON that [#read] takes.
    public static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    /// Levels of nesting, read and written.
    public static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxDocumentLength(MAX_CHARACTERS)
                                    .maxStringLength(MAX_CHARACTERS)
                                    .maxNameLength(10_000)
                                    .maxNumberLength(400)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private ValueJson() {}

    /// Reads one JSON text.
    ///
    /// @throws ProblemException `json.syntax` (a key twice counts), `json.too-complex`,
    ///   `json.bad-number` for what neither 64 bits nor a double holds, `json.bad-text` for half a
    ///   surrogate pair
    public static Value read(String json) {
        if (json.length() > MAX_CHARACTERS) {
            throw ProblemException.of(
                    "json.too-complex", "more than " + MAX_CHARACTERS + " characters", null);
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            Value value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw ProblemException.of("json.syntax", "text after the end of the JSON", null);
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw problem("json.too-complex", e);
        } catch (JacksonException e) {
            throw problem("json.syntax", e);
        }
    }

    /// Keys in the order of the value.
    ///
    /// @throws ProblemException `json.secret` where the value holds a secret
    public static String write(Value value) {
        return write(value, ValueJson::refuse);
    }

    /// As [#write(Value)], with something else in place of each secret.
    public static String write(Value value, SecretWriter secrets) {
        return write(value, secrets, false);
    }

    /// The one text for a value, for digests: keys sorted by UTF-16 code units (as RFC 8785 does),
    /// no spaces.
    ///
    /// @throws ProblemException `json.secret` where the value holds a secret
    public static String canonical(Value value) {
        return canonical(value, ValueJson::refuse);
    }

    /// As [#canonical(Value)], with something else in place of each secret.
    public static String canonical(Value value, SecretWriter secrets) {
        return write(value, secrets, true);
    }

    private static Value refuse(Value.Secret secret) {
        throw ProblemException.of("json.secret", "a secret cannot be written as JSON here", null);
    }

    private static Value value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case null -> throw ProblemException.of("json.syntax", "the JSON ends early", null);
            case VALUE_NULL -> Value.nil();
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            case VALUE_STRING -> Value.of(text(parser.getString()));
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> real(parser);
            case START_ARRAY -> {
                List<Value> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = parser.nextToken()) {
                    items.add(value(parser, next));
                }
                yield Value.of(items);
            }
            case START_OBJECT -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_OBJECT;
                        next = parser.nextToken()) {
                    String key = text(parser.currentName());
                    fields.put(key, value(parser, parser.nextToken()));
                }
                yield Value.of(fields);
            }
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw ProblemException.of("json.syntax", "this is no JSON", null);
        };
    }

    private static Value integer(JsonParser parser) {
        String digits = parser.getString();
        try {
            return Value.of(Long.parseLong(digits));
        } catch (NumberFormatException _) {
            throw badNumber(digits);
        }
    }

    private static Value real(JsonParser parser) {
        String digits = parser.getString();
        double number = Double.parseDouble(digits);
        if (!Double.isFinite(number)) {
            throw badNumber(digits);
        }
        return Value.of(number);
    }

    private static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw ProblemException.of(
                        "json.bad-text", "a text holds half a surrogate pair", null);
            }
        }
        return text;
    }

    private static String write(Value value, SecretWriter secrets, boolean sorted) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            new Writer(json, secrets, sorted).write(value, 1);
        }
        return out.toString();
    }

    private record Writer(JsonGenerator json, SecretWriter secrets, boolean sorted) {
        void write(Value value, int depth) {
            if (depth > MAX_DEPTH) {
                throw ProblemException.of(
                        "json.too-complex", "nested more than " + MAX_DEPTH + " levels deep", null);
            }
            switch (value) {
                case Value.Null _ -> json.writeNull();
                case Value.Bool(boolean bool) -> json.writeBoolean(bool);
                case Value.Int(long number) -> json.writeNumber(number);
                case Value.Real(double number) -> json.writeNumber(number);
                case Value.Text(String text) -> json.writeString(text(text));
                case Value.Sequence(List<Value> items) -> {
                    json.writeStartArray();
                    items.forEach(item -> write(item, depth + 1));
                    json.writeEndArray();
                }
                case Value.Struct(Map<String, Value> fields) -> {
                    json.writeStartObject();
                    (sorted ? new TreeMap<>(fields) : fields)
                            .forEach((key, field) -> {
                                json.writeName(text(key));
                                write(field, depth + 1);
                            });
                    json.writeEndObject();
                }
                case Value.Secret secret -> {
                    Value instead = secrets.write(secret);
                    if (instead.holdsSecret()) {
                        throw new IllegalStateException("a SecretWriter answered with a secret");
                    }
                    write(instead, depth);
                }
            }
        }
    }

    private static ProblemException badNumber(String digits) {
        String detail = Names.abbreviate(digits) + " is out of range";
        return ProblemException.of("json.bad-number", detail, "write it as a text");
    }

    private static ProblemException problem(String code, JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String place =
                at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        String detail = Names.abbreviate(e.getOriginalMessage()) + place;
        return new ProblemException(List.of(Problem.of(code, detail)), e);
    }
}
