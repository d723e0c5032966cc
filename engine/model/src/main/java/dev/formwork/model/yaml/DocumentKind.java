package dev.formwork.model.yaml;

import dev.formwork.model.ProblemException;

import java.util.Optional;

/// What a file says that it holds, before anybody looks at the rest of it.
public final class DocumentKind {
    private DocumentKind() {}

    /// The `kind` of the file's first document; empty where it says none, or can't be read: whoever
    /// loads it says what is wrong.
    public static Optional<String> of(String text) {
        try {
            return YamlReader.read(text, new Decoding("")).stream()
                    .findFirst()
                    .filter(Marked.Mapping.class::isInstance)
                    .map(Marked.Mapping.class::cast)
                    .map(document -> document.entries().get("kind"))
                    .map(Marked.Entry::value)
                    .filter(Marked.Scalar.class::isInstance)
                    .map(value -> ((Marked.Scalar) value).written());
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }
}
