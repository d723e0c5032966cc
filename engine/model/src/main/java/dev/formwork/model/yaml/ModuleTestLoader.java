package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.module.ModuleTest.Expected;
import dev.formwork.model.module.ModuleTest.Machines;
import dev.formwork.model.module.ModuleTest.Match;
import dev.formwork.model.module.ModuleTest.Outcome;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Loads the tests of a module: `tests/*.yaml`. Their folder says what they are, so `kind: Test`
/// may be left out.
public final class ModuleTestLoader {
    /// A node as plans and runs name it: `step@machine`, `step[item]@machine`.
    static final Pattern NODE =
            Pattern.compile("[a-z0-9_:/]{1,400}(\\[[a-z0-9-]{1,80}\\])?(@[a-z0-9-]{1,80})?");

    private static final String FOLDER = "tests/";
    private static final int MOST = 1_000_000;
    private static final List<String> OUTCOMES = List.of("succeeded", "failed");

    private ModuleTestLoader() {}

    /// The tests of a module in the order of their files. What lies deeper in `tests/` is for the
    /// tests' own use.
    ///
    /// @throws ProblemException with every problem of every test
    public static List<ModuleTest> loadAll(LoadedModule module) {
        Problems problems = new Problems();
        List<ModuleTest> tests = new ArrayList<>();
        module.files()
                .files()
                .forEach((path, bytes) -> {
                    if (isTest(path)) {
                        try {
                            tests.add(load(path, YamlReader.decode(path, bytes)));
                        } catch (ProblemException e) {
                            problems.addAll(e.problems());
                        }
                    }
                });
        problems.throwIfAny();
        return tests;
    }

    /// Loads one test.
    ///
    /// @param file as problems are to name it
    /// @throws ProblemException with every problem of the file
    public static ModuleTest load(String file, String text) {
        return Documents.one(
                file,
                text,
                (document, context) -> {
                    if (document instanceof Marked.Mapping mapping
                            && !mapping.entries().containsKey("kind")) {
                        return Optional.of(test(document, context));
                    }
                    return Kinds.of(document, List.of("Test"), context)
                            .map(_ -> test(document, context));
                });
    }

    private static boolean isTest(String path) {
        return path.startsWith(FOLDER)
                && path.indexOf('/', FOLDER.length()) < 0
                && path.endsWith(".yaml");
    }

    private static ModuleTest test(Marked document, Decoding context) {
        Fields fields = Fields.open(document, Shape.TEST, context);
        Fields expect =
                fields.map("expect", node -> Fields.open(node, Shape.EXPECT, context))
                        .orElseGet(() -> Fields.empty(document, Shape.EXPECT, context));
        return new ModuleTest(
                context.file(),
                fields.text("name"),
                byName(fields, "machines", node -> machines(node, context), context),
                fields.map("bind", context::bindings).orElse(Map.of()),
                byName(fields, "with", node -> constant(node, context), context),
                expected(expect, context),
                fields.at());
    }

    private static Machines machines(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.MACHINES, context);
        return new Machines(
                fields.map("count", count -> context.integer(count, 0, MOST)).orElse(0),
                fields.map("standing", count -> context.integer(count, 0, MOST)).orElse(0));
    }

    private static Expected expected(Fields fields, Decoding context) {
        return new Expected(
                fields.map(
                        "nodes",
                        nodes -> context.distinct(nodes, item -> Optional.of(node(item, context)))),
                fields.map("order", chains -> order(chains, context)).orElse(List.of()),
                fields.map("effects", effects -> effects(effects, context)).orElse(Map.of()),
                fields.map("outcome", outcome -> outcome(outcome, context)).flatMap(word -> word),
                byName(fields, "outputs", node -> output(node, context), context),
                fields.map("log", log -> log(log, context)));
    }

    private static <T> Map<String, T> byName(
            Fields fields, String key, Function<Marked, T> decode, Decoding context) {
        return fields.map(
                        key,
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry -> decode.apply(entry.value())))
                .orElse(Map.of());
    }

    private static Value constant(Marked node, Decoding context) {
        return new Templates(context).constant(node, "a test");
    }

    private static String node(Marked node, Decoding context) {
        String text = context.text(node);
        if (node.kind().equals("a text") && !NODE.matcher(text).matches()) {
            String detail = "'" + Names.abbreviate(text) + "' is no node";
            context.report(
                    node.at(), "yaml.bad-name", detail, "step@machine, or step[item]@machine");
        }
        return text;
    }

    private static List<List<String>> order(Marked node, Decoding context) {
        List<List<String>> chains = new ArrayList<>();
        if (!(node instanceof Marked.Items(List<Marked> items, _))) {
            context.wrongType(node, "a list of chains, such as [[ca@engine, client@engine]]");
            return chains;
        }
        for (Marked item : items) {
            Set<String> chain = context.distinct(item, each -> Optional.of(node(each, context)));
            if (chain.size() < 2 && item instanceof Marked.Items) {
                context.badValue(item, "an order is among two nodes or more", null);
            }
            chains.add(List.copyOf(chain));
        }
        return chains;
    }

    private static Map<Effect, Integer> effects(Marked node, Decoding context) {
        Map<Effect, Integer> effects = new LinkedHashMap<>();
        if (!(node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _))) {
            context.wrongType(node, "a mapping of effects to numbers");
            return effects;
        }
        for (Marked.Entry entry : entries.values()) {
            int count = context.integer(entry.value(), 0, MOST);
            Effect.ofWord(entry.key())
                    .ifPresentOrElse(
                            effect -> effects.put(effect, count),
                            () ->
                                    context.report(
                                            entry.at(),
                                            "yaml.unknown-key",
                                            "unknown effect " + Names.abbreviate(entry.key()),
                                            context.didYouMean(entry.key(), Effect.words())));
        }
        return effects;
    }

    private static Optional<Outcome> outcome(Marked node, Decoding context) {
        return context.word(
                node,
                OUTCOMES,
                word ->
                        OUTCOMES.contains(word)
                                ? Optional.of(Outcome.valueOf(word.toUpperCase(Locale.ROOT)))
                                : Optional.empty());
    }

    /// A literal, or `{matches: ...}`.
    private static Match output(Marked node, Decoding context) {
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            Marked.Entry matches = entries.get("matches");
            if (matches != null && entries.size() == 1) {
                return matching(matches.value(), context);
            }
        }
        return new Match.Equal(constant(node, context));
    }

    private static Match log(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.LOG, context);
        if (fields.has("contains") == fields.has("matches")) {
            context.badValue(node, "a log either `contains` or `matches`", null);
        }
        return fields.find("matches")
                .map(pattern -> matching(pattern, context))
                .orElseGet(() -> new Match.Containing(fields.text("contains")));
    }

    private static Match matching(Marked node, Decoding context) {
        return new Match.Matching(context.pattern(node));
    }
}
