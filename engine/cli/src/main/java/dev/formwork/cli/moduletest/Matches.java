package dev.formwork.cli.moduletest;

import dev.formwork.model.Names;
import dev.formwork.model.module.ModuleTest.Match;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.util.Optional;
import java.util.regex.Pattern;

/// Holds what came against what a test expects.
final class Matches {
    private Matches() {}

    /// What is wrong, in words; nothing where it is as expected.
    static Optional<String> against(String what, Match expected, Value found) {
        String text = found instanceof Value.Text(String plain) ? plain : ValueJson.write(found);
        boolean right =
                switch (expected) {
                    case Match.Equal(Value value) -> value.equals(found);
                    case Match.Matching(String pattern) ->
                            Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).find();
                    case Match.Containing(String part) -> text.contains(part);
                };
        return right
                ? Optional.empty()
                : Optional.of(what + ": " + said(expected) + ", got: " + shown(text));
    }

    private static String said(Match expected) {
        return switch (expected) {
            case Match.Equal(Value value) -> "expected " + ValueJson.write(value);
            case Match.Matching(String pattern) -> "expected to match " + pattern;
            case Match.Containing(String part) -> "expected to contain " + part;
        };
    }

    /// A log is told by its end.
    private static String shown(String text) {
        String stripped = text.strip();
        return Names.abbreviate(
                stripped.lines().count() > 1
                        ? "..." + stripped.lines().reduce((_, last) -> last).orElse("")
                        : stripped);
    }
}
