package dev.formwork.cli.apply;

import dev.formwork.cli.client.ModuleDocument;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.YamlValues;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Reads inputs from the command line: `name=value`, where the module's schema decides how the
/// value reads; `name=@file` takes a file's content.
public final class WithValues {
    private WithValues() {}

    /// @param resolve a path as a person named it to where it is
    /// @throws ProblemException `cli.bad-value`, `step.unknown-input`, `yaml.*`
    static Map<String, Value> read(
            Map<String, String> given,
            List<ModuleDocument.Field> inputs,
            UnaryOperator<Path> resolve) {
        Problems problems = new Problems();
        Map<String, Value> values = new LinkedHashMap<>();
        given.forEach((name, text) -> {
            List<ModuleDocument.Field> found =
                    inputs.stream().filter(input -> input.name().equals(name)).toList();
            if (found.isEmpty()) {
                List<String> known = inputs.stream().map(ModuleDocument.Field::name).toList();
                problems.add(
                        null,
                        "step.unknown-input",
                        "the module has no input " + Names.abbreviate(name),
                        Names.nearest(name, known)
                                .map("did you mean %s?"::formatted)
                                .orElse("it has: " + String.join(", ", known)));
                return;
            }
            try {
                values.put(name, value(name, text, found.getFirst().type(), resolve));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        });
        problems.throwIfAny();
        return values;
    }

    /// One value.
    ///
    /// @param type as the schema says it; empty where it is not known
    /// @throws ProblemException `cli.bad-value`, `yaml.*`
    public static Value value(String name, String text, String type, UnaryOperator<Path> resolve) {
        String content = text.startsWith("@") ? file(name, text.substring(1), resolve) : text;
        return type.equals("string")
                ? Value.of(content)
                : YamlValues.read("--with " + name, content);
    }

    private static String file(String name, String file, UnaryOperator<Path> resolve) {
        try {
            return Files.readString(resolve.apply(Path.of(file)));
        } catch (IOException e) {
            throw ProblemException.of(
                    "cli.bad-value",
                    "cannot read the value of %s from %s: %s".formatted(name, file, e),
                    null);
        }
    }
}
