package dev.formwork.workflow.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ValidationLimitExceededException;

import dev.formwork.model.Location;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Validates values against JSON Schema 2020-12 with formats asserted. Patterns are RE2 (linear
/// time), the work of one validation is bounded, and a schema refers to nothing outside itself.
/// Thread-safe; compiled schemas are cached.
public final class Schemas {
    /// What a value is, for the message and its code.
    public enum Kind {
        INPUT("input"),
        OUTPUT("output");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static final int MAX_CACHED = 10_000;

    private final Map<Value.Struct, CompiledSchema> compiled = new ConcurrentHashMap<>();

    public Schemas() {}

    /// Adds `input.invalid` or `output.invalid` for everything in `value` that its schema refuses,
    /// with the place inside the value as a JSON pointer (RFC 6901). What is inside a
    /// [Value.Secret] is checked, and never printed.
    ///
    /// @param name of the input or output
    /// @param where the place of the value or of the declaration, if any
    public void validate(
            Kind kind,
            String name,
            Value value,
            Value.Struct schema,
            @Nullable Location where,
            Problems problems) {
        CompiledSchema known = compile(schema);
        if (!known.faults().isEmpty()) {
            known.faults().forEach(fault -> fault.report(name, where, problems));
            return;
        }
        JsonNode json = JsonValues.toJson(value);
        List<Error> errors;
        try {
            errors = known.validate(json);
        } catch (ValidationLimitExceededException | StackOverflowError _) {
            problems.add(
                    where,
                    kind.word + ".invalid",
                    kind.word + " `" + name + "` takes too much work to check",
                    "make its schema simpler");
            return;
        }
        Complaints complaints = new Complaints(value, known.json());
        for (Complaints.Complaint complaint : complaints.about(errors)) {
            String at = complaint.pointer().isEmpty() ? "" : " at " + complaint.pointer();
            problems.add(
                    where,
                    kind.word + ".invalid",
                    kind.word + " `" + name + "`" + at + " " + complaint.detail(),
                    complaint.hint());
        }
    }

    /// Adds `module.bad-schema` for everything that makes `schema` unusable: an unknown keyword or
    /// format, what the meta-schema refuses, a reference to another document, a pattern that is no
    /// regular expression (RE2 syntax).
    public void validateSchema(
            String name, Value.Struct schema, @Nullable Location where, Problems problems) {
        compile(schema).faults().forEach(fault -> fault.report(name, where, problems));
    }

    private CompiledSchema compile(Value.Struct schema) {
        CompiledSchema known = compiled.get(schema);
        if (known == null) {
            known = CompiledSchema.of(schema);
            if (compiled.size() >= MAX_CACHED) {
                compiled.clear();
            }
            compiled.put(schema, known);
        }
        return known;
    }

    /// What is wrong with a schema.
    ///
    /// @param pointer where inside the schema
    record Fault(String pointer, String detail, Optional<String> hint) {
        void report(String name, @Nullable Location where, Problems problems) {
            String at = pointer.isEmpty() ? "" : " at " + pointer;
            problems.add(
                    where,
                    "module.bad-schema",
                    "the schema of `" + name + "`" + at + " " + detail,
                    hint.orElse(null));
        }
    }
}
