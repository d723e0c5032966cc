package dev.formwork.workflow.schema;

import dev.formwork.model.Location;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

/// Validates values against JSON Schema 2020-12 with formats asserted. Thread-safe; compiled
/// schemas are cached.
public final class Schemas {
    /// What a value is, for the message and its code.
    public enum Kind {
        INPUT,
        OUTPUT
    }

    public Schemas() {}

    /// Adds `input.invalid` or `output.invalid` for everything in `value` that its schema refuses,
    /// with the place inside the value as a JSON pointer. Secrets are checked but never printed.
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
        throw new UnsupportedOperationException("being written");
    }

    /// Adds `module.bad-schema` for everything that makes `schema` unusable: not valid by the
    /// meta-schema, a reference to another document, a pattern that is no regular expression.
    public void validateSchema(
            String name, Value.Struct schema, @Nullable Location where, Problems problems) {
        throw new UnsupportedOperationException("being written");
    }
}
