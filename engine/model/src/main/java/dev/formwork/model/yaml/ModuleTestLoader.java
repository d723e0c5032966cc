package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.module.ModuleTest.Expected;
import dev.formwork.model.module.ModuleTest.Given;
import dev.formwork.model.module.ModuleTest.Outcome;
import dev.formwork.model.module.ModuleTest.Setup;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Loads the tests of a module: `tests/*.yaml`, each of `kind: Test`.
public final class ModuleTestLoader {
    private static final String FOLDER = "tests/";
    private static final int MOST = 1_000_000;
    private static final List<String> OUTCOMES = List.of("succeeded", "failed");
    static final Pattern STEP_PATH =
            Pattern.compile("[a-z][a-z0-9_]{0,62}(/[a-z][a-z0-9_]{0,62}){0,9}");
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*");

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
                (document, context) ->
                        Kinds.of(document, List.of("Test"), context)
                                .map(_ -> test(file, document, context)));
    }

    private static boolean isTest(String path) {
        return path.startsWith(FOLDER)
                && path.indexOf('/', FOLDER.length()) < 0
                && path.endsWith(".yaml");
    }

    private static ModuleTest test(String file, Marked document, Decoding context) {
        Fields fields = Fields.open(document, Shape.TEST, context);
        return new ModuleTest(
                file,
                fields.text("summary"),
                new Setup(
                        values(fields, "with", context),
                        groups(fields, context),
                        fields.map("bind", context::bindings).orElse(Map.of())),
                fields.map("given", node -> given(node, context)),
                fields.map("expect", node -> expected(node, context))
                        .orElseGet(() -> NOTHING_EXPECTED),
                fields.at());
    }

    private static final Expected NOTHING_EXPECTED =
            new Expected(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());

    private static Given given(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.GIVEN, context);
        return new Given(values(fields, "with", context), groups(fields, context));
    }

    private static Expected expected(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.EXPECT, context);
        return new Expected(
                fields.map("nodes", nodes -> nodes(nodes, context)),
                fields.map("order", chains -> order(chains, context)).orElse(List.of()),
                fields.map("effects", effects -> effects(effects, context)),
                fields.map("problem", problem -> problem(problem, context)),
                fields.map("outcome", outcome -> outcome(outcome, context)).flatMap(word -> word),
                values(fields, "outputs", context));
    }

    private static Map<String, Value> values(Fields fields, String key, Decoding context) {
        Templates templates = new Templates(context);
        return fields.map(
                        key,
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry -> templates.constant(entry.value(), "a test")))
                .orElse(Map.of());
    }

    private static Map<String, Integer> groups(Fields fields, Decoding context) {
        return fields.map(
                        "groups",
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry -> context.integer(entry.value(), 0, MOST)))
                .orElse(Map.of());
    }

    private static Map<String, Integer> nodes(Marked node, Decoding context) {
        Map<String, Integer> nodes = new LinkedHashMap<>();
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            for (Marked.Entry entry : entries.values()) {
                stepPath(entry.key(), entry.value(), context);
                nodes.put(entry.key(), context.integer(entry.value(), 0, MOST));
            }
        } else {
            context.wrongType(node, "a mapping of steps to numbers");
        }
        return nodes;
    }

    private static List<List<String>> order(Marked node, Decoding context) {
        List<List<String>> chains = new ArrayList<>();
        if (!(node instanceof Marked.Items(List<Marked> items, _))) {
            context.wrongType(node, "a list of chains, such as [[ca, member]]");
            return chains;
        }
        for (Marked item : items) {
            Set<String> chain =
                    context.distinct(item, step -> Optional.of(stepPath(step, context)));
            if (chain.size() < 2 && item instanceof Marked.Items) {
                context.badValue(item, "an order is among two steps or more", null);
            }
            chains.add(List.copyOf(chain));
        }
        return chains;
    }

    private static String stepPath(Marked node, Decoding context) {
        String path = context.text(node);
        if (node.kind().equals("a text")) {
            stepPath(path, node, context);
        }
        return path;
    }

    private static void stepPath(String path, Marked node, Decoding context) {
        if (!STEP_PATH.matcher(path).matches()) {
            String detail = "'" + Names.abbreviate(path) + "' is no path of a step";
            context.report(node.at(), "yaml.bad-name", detail, "such as member, or store/member");
        }
    }

    private static Map<Effect, Integer> effects(Marked node, Decoding context) {
        Map<Effect, Integer> effects = new LinkedHashMap<>();
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
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
                                                Decoding.didYouMean(entry.key(), Effect.words())));
            }
        } else {
            context.wrongType(node, "a mapping of effects to numbers");
        }
        return effects;
    }

    private static String problem(Marked node, Decoding context) {
        String code = context.text(node);
        if (node.kind().equals("a text") && !CODE.matcher(code).matches()) {
            context.badValue(node, "this is no code of a problem", "such as workflow.cycle");
        }
        return code;
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
}
