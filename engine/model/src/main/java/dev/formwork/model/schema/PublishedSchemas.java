package dev.formwork.model.schema;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// JSON Schemas (2020-12) of Formwork's YAML, as texts: what the engine serves and the CLI prints.
public final class PublishedSchemas {
    /// `formwork` tells the kinds apart by `kind`; the others are of one kind each.
    public static final List<String> NAMES =
            List.of(
                    "formwork",
                    "task",
                    "workflow",
                    "interface",
                    "boot-environment",
                    "cluster",
                    "profile",
                    "pack",
                    "test",
                    "boot-server",
                    "pool",
                    "prices");

    private PublishedSchemas() {}

    /// The text of one schema.
    ///
    /// @param name one of [#NAMES]
    /// @throws dev.formwork.model.ProblemException `schema.unknown`
    public static String text(String name) {
        if (!NAMES.contains(name)) {
            String hint =
                    Names.nearest(name, NAMES)
                            .map(nearest -> "did you mean " + nearest + "?")
                            .orElse("one of: " + String.join(", ", NAMES));
            String detail = "there is no schema " + Names.abbreviate(name);
            throw Problem.of("schema.unknown", detail, hint).exception();
        }
        String file = name + ".schema.json";
        try (InputStream in = PublishedSchemas.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
