package dev.formwork.model.yaml;

import dev.formwork.model.Names;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What every kind of document begins with.
final class Kinds {
    /// Every kind there is, for a hint that fits.
    static final List<String> ALL =
            List.of(
                    "Task",
                    "Workflow",
                    "Interface",
                    "BootEnvironment",
                    "Cluster",
                    "Profile",
                    "Pack",
                    "Test",
                    "BootServer",
                    "Pool",
                    "Prices");

    /// semver.org, 2.0.0.
    static final Pattern SEMVER =
            Pattern.compile(
                    "(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})"
                            + "(-[0-9A-Za-z-]{1,40}(\\.[0-9A-Za-z-]{1,40}){0,9})?"
                            + "(\\+[0-9A-Za-z-]{1,40}(\\.[0-9A-Za-z-]{1,40}){0,9})?");

    private Kinds() {}

    /// The document's kind, if it is one of those that are allowed here; a problem otherwise.
    static Optional<String> of(Marked document, List<String> allowed, Decoding context) {
        String expected = String.join(" or ", allowed);
        if (!(document instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _))) {
            context.wrongType(document, "a mapping with kind: " + expected, null);
            return Optional.empty();
        }
        Marked.Entry entry = entries.get("kind");
        if (entry == null) {
            String hint = "write kind: " + expected;
            context.report(document.at(), "yaml.missing-key", "the key kind is missing", hint);
            return Optional.empty();
        }
        String kind = context.text(entry.value());
        if (allowed.contains(kind)) {
            return Optional.of(kind);
        }
        if (entry.value().kind().equals("a text")) {
            boolean elsewhere = ALL.contains(kind);
            context.report(
                    entry.value().at(),
                    "yaml.unknown-kind",
                    elsewhere
                            ? "a " + kind + " does not belong into this file"
                            : "'" + Names.abbreviate(kind) + "' is no kind",
                    elsewhere ? "expected " + expected : context.didYouMean(kind, allowed));
        }
        return Optional.empty();
    }

    static String version(Marked node, Decoding context) {
        String text = context.text(node);
        if (!SEMVER.matcher(text).matches() && node.kind().equals("a text")) {
            String detail = "'" + Names.abbreviate(text) + "' is no version";
            context.badValue(node, detail, "three numbers, such as 1.0.0 (semver.org)");
        }
        return text;
    }
}
