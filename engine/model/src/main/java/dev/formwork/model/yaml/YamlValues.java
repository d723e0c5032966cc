package dev.formwork.model.yaml;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import java.util.Optional;

/// Reads plain values: what a user gives on the command line or in a file of values.
public final class YamlValues {
    private YamlValues() {}

    /// One YAML document as a value. It holds no expressions; `$${{` writes a literal `${{`.
    ///
    /// @param source what problems are to name: a file, or an option such as `--with client_port`
    /// @throws ProblemException `yaml.*`, `expression.not-here`
    public static Value read(String source, String text) {
        if (text.isBlank()) {
            return Value.of(text);
        }
        return Documents.one(
                source,
                text,
                (document, context) ->
                        Optional.of(new Templates(context).constant(document, "a value")));
    }
}
