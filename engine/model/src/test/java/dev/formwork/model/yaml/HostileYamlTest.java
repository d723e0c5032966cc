package dev.formwork.model.yaml;

import dev.formwork.model.ProblemException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Whatever stands in a file, a loader answers with a value or a [ProblemException].
class HostileYamlTest {
    private static final List<String> SAMPLES =
            List.of(
                    Samples.TASK,
                    Samples.WORKFLOW,
                    Samples.INTERFACE,
                    Samples.BOOT_ENVIRONMENT,
                    Samples.CLUSTER,
                    Samples.PROFILE,
                    Samples.PACK,
                    Samples.TEST);

    private static final List<String> TOKENS =
            List.of(
                    "\n",
                    "  ",
                    ": ",
                    ":",
                    "- ",
                    "-",
                    "[",
                    "]",
                    "{",
                    "}",
                    ",",
                    "'",
                    "\"",
                    "|",
                    ">",
                    "&a ",
                    "*a",
                    "!",
                    "!!str ",
                    "!!map ",
                    "<<",
                    "? ",
                    "#",
                    " #",
                    "%",
                    "@",
                    "`",
                    "\t",
                    "~",
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1e9",
                    "0644",
                    "9223372036854775808",
                    "---",
                    "...",
                    "${{",
                    "}}",
                    "$${{",
                    "\\",
                    "\\x",
                    "\uFEFF",
                    "\u0085",
                    "\u2028",
                    "\u0000",
                    "\uD800",
                    "😀",
                    "kind: ",
                    "Task",
                    "steps",
                    "inputs: ",
                    "type: ",
                    "on: ",
                    "default: ");

    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(TOKENS).list().ofMaxSize(60).map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> mutations() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 2000);
        return Combinators.combine(
                        Arbitraries.of(SAMPLES),
                        place,
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.of(TOKENS).list().ofMinSize(0).ofMaxSize(3))
                .as((sample, at, length, tokens) -> {
                    int from = at % sample.length();
                    int to = Math.min(sample.length(), from + length);
                    return sample.substring(0, from)
                            + String.join("", tokens)
                            + sample.substring(to);
                });
    }

    @Property
    void survivesArbitraryText(@ForAll String text) {
        loadAsEverything(text);
    }

    @Property
    void survivesArbitraryTokens(@ForAll("soup") String text) {
        loadAsEverything(text);
    }

    @Property
    void survivesMutatedFiles(@ForAll("mutations") String text) {
        loadAsEverything(text);
    }

    @Property
    void survivesArbitraryBytes(@ForAll byte[] bytes) {
        attempt(() -> ClusterLoader.load("x.yaml", bytes));
    }

    @Property
    void survivesArbitraryPaths(@ForAll("soup") String path) {
        attempt(() ->
                PackLoader.load(
                        Samples.tree(
                                Map.of(
                                        "pack.yaml",
                                        Samples.PACK,
                                        path,
                                        "",
                                        path + "/module.yaml",
                                        Samples.INTERFACE))));
    }

    private static void loadAsEverything(String text) {
        attempt(() -> YamlValues.read("x", text));
        attempt(() -> Samples.module(text));
        attempt(() -> ClusterLoader.loadAll("x.yaml", text));
        attempt(() -> ProfileLoader.loadAll("x.yaml", text));
        attempt(() -> PoolLoader.load("x.yaml", text));
        attempt(() -> ModuleTestLoader.load("x.yaml", text));
        attempt(() ->
                PackLoader.load(
                        Samples.tree(Map.of("pack.yaml", text, "m/module.yaml", Samples.TASK))));
        attempt(() -> ClusterLoader.load("x.yaml", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void attempt(Runnable load) {
        try {
            load.run();
        } catch (ProblemException e) {
            // As it should be.
        }
    }
}
