package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class YamlReaderTest {
    private static Value read(String yaml) {
        return YamlValues.read("f.yaml", yaml);
    }

    private static List<String> wrongWith(String yaml) {
        return problems(() -> read(yaml));
    }

    @Test
    void knowsTheKindsOfJson() {
        assertThat(read("[a, 'b', \"c\", 1, -2, 0x1F, 0o17, 1.5, 1e3, true, False, null, ~, ]"))
                .isEqualTo(
                        Value.of(
                                List.of(
                                        Value.of("a"),
                                        Value.of("b"),
                                        Value.of("c"),
                                        Value.of(1),
                                        Value.of(-2),
                                        Value.of(31),
                                        Value.of(15),
                                        Value.of(1.5),
                                        Value.of(1000.0),
                                        Value.of(true),
                                        Value.of(false),
                                        Value.nil(),
                                        Value.nil())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "on", "off", "2026-01-01", "1:30", "0x", "1_000", ".inf"})
    void takesForATextWhatOnlyYaml11SeesOtherwise(String text) {
        assertThat(read("{" + text + ": " + text + "}"))
                .isEqualTo(Value.of(Map.of(text, Value.of(text))));
    }

    @Test
    void refusesNumbersThatReadersDisagreeOn() {
        assertThat(wrongWith("mode: 0644"))
                .containsExactly(
                        "f.yaml:1:7: yaml.bad-value: 0644 is octal to some readers, decimal to"
                                + " others (quote it, or write 0o644 for octal)");
        assertThat(wrongWith("[99999999999999999999, 1e999, 12e45678]"))
                .hasSize(3)
                .allMatch(line -> line.contains("yaml.bad-value"))
                .allMatch(line -> line.contains("quote it"));
    }

    @Test
    void namesThePlaceOfASyntaxError() {
        assertThat(wrongWith("a: 1\nb: [1, 2\nc: 3\n"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:3:2: yaml.syntax: ");
        assertThat(wrongWith("a:\n\t- b\n"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:2:1: yaml.syntax: ")
                .endsWith("(indent with spaces, not tabs)");
    }

    @Test
    void reportsEveryDuplicateKeyWithTheLineOfTheFirst() {
        assertThat(wrongWith("a: 1\nb: {c: 1, c: 2}\na: 2\n"))
                .containsExactly(
                        "f.yaml:2:11: yaml.duplicate-key: c stands here twice (the first is in line"
                                + " 2)",
                        "f.yaml:3:1: yaml.duplicate-key: a stands here twice (the first is in line"
                                + " 1)");
    }

    @Test
    void refusesTags() {
        assertThat(wrongWith("a: !!python/object:os.system ls\nb: !secret x\nc: !!set {a}\n"))
                .hasSize(3)
                .allMatch(line -> line.contains("yaml.bad-tag"));
        assertThat(wrongWith("- !!java.net.URLClassLoader [[!!java.net.URL ['http://x']]]"))
                .isNotEmpty()
                .allMatch(line -> line.contains("yaml.bad-tag"));
        assertThat(read("!!str 5")).isEqualTo(Value.of("5"));
    }

    @Test
    void refusesMergeKeysAndKeysThatAreNoText() {
        assertThat(wrongWith("a: &a {b: 1}\nc: {<<: *a}\n"))
                .containsExactly(
                        "f.yaml:2:5: yaml.bad-value: merge keys (<<) are not supported (write the"
                                + " keys out, or use an alias for the whole value)");
        assertThat(wrongWith("? [a]\n: 1\n"))
                .containsExactly("f.yaml:1:3: yaml.wrong-type: a key has to be a text");
    }

    @Test
    void expandsAliases() {
        assertThat(read("a: &x {b: 1}\nc: *x\n"))
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "a", Value.of(Map.of("b", Value.of(1))),
                                        "c", Value.of(Map.of("b", Value.of(1))))));
    }

    @Test
    void refusesABillionLaughs() {
        StringBuilder bomb = new StringBuilder("l0: &l0 [lol, lol, lol]\n");
        for (int i = 1; i < 30; i++) {
            String below = "*l" + (i - 1);
            bomb.append("l%d: &l%d [%s, %s, %s]\n".formatted(i, i, below, below, below));
        }
        assertThat(wrongWith(bomb.toString()))
                .singleElement()
                .asString()
                .contains("yaml.too-complex");
    }

    @Test
    void refusesALongTextThatAliasesMultiply() {
        String yaml = "- &a " + "x".repeat(500_000) + "\n" + "- *a\n".repeat(150);
        assertThat(wrongWith(yaml)).singleElement().asString().contains("yaml.too-complex");
    }

    @Test
    void refusesATreeThatHoldsItself() {
        assertThat(wrongWith("&a [*a]")).singleElement().asString().contains("yaml.too-complex");
        assertThat(wrongWith("&a {b: *a}")).singleElement().asString().contains("yaml.too-complex");
    }

    @Test
    void refusesDeepNesting() {
        assertThat(wrongWith("[".repeat(45) + "]".repeat(45)))
                .containsExactly("f.yaml:1:41: yaml.too-complex: nested more than 40 levels deep");
        assertThat(wrongWith("[".repeat(200_000))).singleElement().asString().contains("yaml.");
        assertThat(wrongWith("{a: ".repeat(100_000))).singleElement().asString().contains("yaml.");
        assertThat(wrongWith("- ".repeat(100_000))).singleElement().asString().contains("yaml.");
    }

    @Test
    void refusesAHugeFileAndOneThatIsNotUtf8() {
        assertThat(problems(() -> ClusterLoader.load("c.yaml", new byte[YamlReader.MAX_BYTES + 1])))
                .singleElement()
                .asString()
                .startsWith("c.yaml:1:1: yaml.too-complex: ");
        byte[] latin = "name: Zürich".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(problems(() -> ClusterLoader.load("c.yaml", latin)))
                .containsExactly(
                        "c.yaml:1:1: yaml.syntax: the file is not UTF-8 (save it as UTF-8)");
    }

    @Test
    void refusesControlCharactersAndEmptyFiles() {
        assertThat(wrongWith("a: \u0000"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:1:1: yaml.syntax: ");
        assertThat(problems(() -> ClusterLoader.load("c.yaml", "# nothing\n")))
                .containsExactly("c.yaml:1:1: yaml.empty: the file is empty");
    }

    @Test
    void refusesAnEscapeThatIsCutOff() {
        assertThat(wrongWith("\"\\x")).singleElement().asString().contains("yaml.syntax");
        assertThat(wrongWith("\"\\U99999999\"")).singleElement().asString().contains("yaml.syntax");
    }

    @Test
    void skipsAByteOrderMark() {
        assertThat(wrongWith("\uFEFFa: 0644")).singleElement().asString().startsWith("f.yaml:1:4:");
    }

    @Test
    void stopsAfterAHundredProblems() {
        StringBuilder yaml = new StringBuilder("kind: Pack\nname: p\nversion: 1.0.0\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("key").append(i).append(": 1\n");
        }
        List<String> problems =
                problems(() -> PackLoader.load(Samples.tree(Map.of("pack.yaml", yaml.toString()))));
        assertThat(problems).hasSize(101);
        assertThat(problems.getLast()).contains("yaml.too-many-problems");
    }

    @Test
    void spendsNoTimeOnHintsThatNobodySees() {
        StringBuilder yaml = new StringBuilder("kind: Workflow\nname: w\nversion: 1.0.0\nsteps:\n");
        for (int i = 0; i < 15_000; i++) {
            yaml.append(" s%05d: {on: engine, uses: x, needs: [t%05d]}\n".formatted(i, i));
        }
        assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThat(Samples.moduleProblems(yaml.toString())).hasSize(101));
    }

    @Test
    void readsValuesFromTheCommandLine() {
        assertThat(YamlValues.read("--with n", "3")).isEqualTo(Value.of(3));
        assertThat(YamlValues.read("--with n", "")).isEqualTo(Value.of(""));
        assertThat(YamlValues.read("--with n", "$${{ x }}")).isEqualTo(Value.of("${{ x }}"));
        assertThat(problems(() -> YamlValues.read("--with n", "${{ x }}")))
                .containsExactly(
                        "--with n:1:5: expression.not-here: an expression cannot stand in a value"
                                + " ($${{ writes a literal ${{)");
    }
}
