package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Whatever is written in an expression, and whatever value comes in: a value or problems come out.
final class ExpressionFuzzTest {
    private static final List<String> TOKENS =
            List.of(
                    "inputs.text",
                    "inputs.port",
                    "inputs.password",
                    "inputs.any",
                    "inputs.list",
                    "inputs.labels",
                    "inputs",
                    "steps.package.outputs.version",
                    "machine",
                    "item",
                    "groups.members",
                    "groups.members.joining",
                    "clusters.a.outputs.b",
                    "cluster",
                    ".name",
                    ".address",
                    ".map(x, ",
                    ".filter(x, ",
                    ".all(x, ",
                    ".exists(x, ",
                    ".size()",
                    ".join(',')",
                    ".split(',')",
                    ".matches('a+')",
                    ".sort()",
                    ".flatten()",
                    ".transformMap(k, v, ",
                    "cel.bind(y, ",
                    "lists.range(3)",
                    "math.greatest(",
                    "base64.encode(b'a')",
                    "string(",
                    "int(",
                    "dyn(",
                    "type(",
                    "has(",
                    "timestamp('2020-01-01T00:00:00Z')",
                    "duration('1h')",
                    "x",
                    "y",
                    "k",
                    "v",
                    "'a'",
                    "1",
                    "-1",
                    "1.5",
                    "1u",
                    "b'x'",
                    "true",
                    "null",
                    "[",
                    "]",
                    "{",
                    "}",
                    "(",
                    ")",
                    ",",
                    ":",
                    "?",
                    " + ",
                    " - ",
                    " * ",
                    " / ",
                    " % ",
                    " == ",
                    " != ",
                    " < ",
                    " && ",
                    " || ",
                    "!",
                    " in ",
                    "[0]",
                    "['a']",
                    ".",
                    "@",
                    "`",
                    "$",
                    "\n",
                    "\u0000",
                    "\uD83D\uDE00",
                    "9223372036854775808",
                    "1e999",
                    "//",
                    "\"");

    @Property(tries = 1_000)
    void anyTextIsAnExpressionOrAProblem(@ForAll String source) {
        compileAndEvaluate(source);
    }

    @Property(tries = 3_000)
    void anyRowOfTokensIsAnExpressionOrAProblem(@ForAll("rows") String source) {
        compileAndEvaluate(source);
    }

    @Property(tries = 300)
    void anyValueGoesThroughUnchanged(@ForAll("values") Value value) {
        assertThat(Given.evaluate("[inputs.any][0]", _ -> value)).isEqualTo(value);
        assertThat(Given.evaluate("{'a': inputs.any}", _ -> value))
                .isEqualTo(Value.of(Map.of("a", value)));
    }

    @Property(tries = 60)
    void anyValueIsReadOrRefused(@ForAll("values") Value value) {
        for (String source :
                List.of(
                        "inputs.any.map(x, x)",
                        "inputs.any.a",
                        "inputs.any[0]",
                        "inputs.any == inputs.any",
                        "string(inputs.any)",
                        "inputs.text + 'x'",
                        "inputs.port + 1",
                        "inputs.ratio * 2.0",
                        "inputs.list.join(',')",
                        "inputs.numbers.map(n, n + 1.0)",
                        "inputs.labels.transformList(k, v, k + v)",
                        "machine.name + machine.facts.os")) {
            try {
                assertThat(Given.evaluate(source, _ -> value)).isNotNull();
            } catch (ProblemException refused) {
                assertThat(refused.code()).startsWith("expression.");
            }
        }
    }

    @Provide
    Arbitrary<String> rows() {
        return Arbitraries.of(TOKENS)
                .list()
                .ofMinSize(1)
                .ofMaxSize(14)
                .map(tokens -> String.join("", tokens));
    }

    /// Not composed of arbitraries: jqwik takes minutes for nested maps.
    @Provide
    Arbitrary<Value> values() {
        return Arbitraries.randomValue(random -> value(random, 4));
    }

    private static Value value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> new Value.Null();
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> Value.of(random.nextLong());
            case 3 -> Value.of(random.nextInt(3));
            case 4 -> Value.of(random.nextGaussian());
            case 5 -> Value.of(text(random));
            case 6 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(value(random, depth - 1));
                }
                yield Value.of(items);
            }
            default -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    fields.put(text(random), value(random, depth - 1));
                }
                yield Value.of(fields);
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
        }
        return random.nextBoolean() ? "a" : text.toString();
    }

    private static void compileAndEvaluate(String source) {
        Problems problems = new Problems();
        CompiledTemplate compiled =
                Expressions.compile(Given.computed(source), Given.SCOPE, problems);
        for (Problem problem : problems.all()) {
            assertThat(problem.code()).startsWith("expression.");
            assertThat(problem.location()).isNotNull();
            assertThat(problem.detail()).hasSizeLessThan(400);
        }
        try {
            Value value = compiled.evaluate(Given.strictly(compiled, Given::value));
            assertThat(value).isNotNull();
            assertThat(problems.all()).isEmpty();
            if (source.contains("inputs.password")) {
                assertThat(value.toString()).doesNotContain("s3cr3t");
            }
        } catch (ProblemException problem) {
            assertThat(problem.code()).startsWith("expression.");
            assertThat(problem.toString()).doesNotContain("s3cr3t");
        }
    }
}
