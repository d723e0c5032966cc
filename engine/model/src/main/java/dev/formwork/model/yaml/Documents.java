package dev.formwork.model.yaml;

import dev.formwork.model.ProblemException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a file's documents and decodes each.
final class Documents {
    /// Decodes one document; whatever is wrong is reported to the context.
    @FunctionalInterface
    interface Decoder<T> {
        Optional<T> decode(Marked document, Decoding context);
    }

    private Documents() {}

    /// @throws ProblemException with everything that is wrong in the file
    static <T> T one(String file, String text, Decoder<T> decoder) {
        Decoding context = new Decoding(file);
        List<Marked> documents = read(text, context);
        if (documents.size() > 1) {
            context.report(
                    documents.get(1).at(),
                    "yaml.documents",
                    "this file holds one document, and here begins another",
                    "put it into a file of its own");
        }
        Optional<T> decoded = decoder.decode(documents.getFirst(), context);
        context.finish();
        return decoded.orElseThrow(() -> new IllegalStateException("no value and no problem"));
    }

    /// @throws ProblemException with everything that is wrong in the file
    static <T> List<T> all(String file, String text, Decoder<T> decoder) {
        Decoding context = new Decoding(file);
        List<T> decoded = new ArrayList<>();
        for (Marked document : read(text, context)) {
            decoder.decode(document, context).ifPresent(decoded::add);
        }
        context.finish();
        return decoded;
    }

    private static List<Marked> read(String text, Decoding context) {
        List<Marked> documents = YamlReader.read(text, context);
        if (documents.isEmpty()) {
            context.report(context.start(), "yaml.empty", "the file is empty", null);
            context.finish();
        }
        return documents;
    }
}
