package dev.formwork.workflow.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.machine.Machine;

import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CompiledBootEnvironmentTest {
    private static final String HEAD =
            """
            kind: BootEnvironment
            name: os/test
            version: 1.0.0
            kernel: {url: "https://example.org/linux", sha256: %s}
            inputs:
              who: {type: string, default: world}
              number: {type: integer, default: 7, maximum: 9}
              needed: {type: string}
            """
                    .formatted("0a".repeat(32));

    private static CompiledBootEnvironment compile(String yaml, Problems problems) {
        FileTree folder =
                new FileTree(
                        Map.of(
                                "module.yaml",
                                (HEAD + yaml).getBytes(StandardCharsets.UTF_8),
                                "ks.cfg",
                                "one\nhello ${{ inputs.wo }}\n".getBytes(StandardCharsets.UTF_8)));
        return CompiledBootEnvironment.of(
                (BootEnvironment) ModuleLoader.load(folder, "os/test").module(), problems);
    }

    private static CompiledBootEnvironment compile(String yaml) {
        Problems problems = new Problems();
        CompiledBootEnvironment compiled = compile(yaml, problems);
        assertThat(problems.all()).isEmpty();
        return compiled;
    }

    private static CompiledBootEnvironment.Given given(Map<String, Value> parameters) {
        Value.Struct facts =
                Value.of(
                        Map.of(
                                "good", Value.of("B0Q2-KY1"),
                                "evil", Value.of("x; $(reboot)")));
        return new CompiledBootEnvironment.Given(
                Machine.begun(
                                new MachineId("m-1"),
                                "rack-1",
                                Optional.empty(),
                                Optional.empty(),
                                Machine.State.BOOTING)
                        .withFacts(facts, Optional.empty()),
                parameters,
                Map.of("files", "http://10.0.0.1:7480/f", "server", "s", "done", "d"));
    }

    private static final Map<String, Value> NEEDED = Map.of("needed", Value.of("x"));

    private static List<String> codes(ThrowableAssert.ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).isInstanceOf(ProblemException.class);
        return ((ProblemException) thrown).problems().stream().map(Problem::code).toList();
    }

    @Test
    void writesArgumentsAndFilesForAMachine() {
        CompiledBootEnvironment compiled =
                compile(
                        """
                        arguments: [quiet, "ks=${{ boot.files }}/ks.cfg", "n=${{ inputs.number + 1 }}"]
                        files:
                          a: "to ${{ inputs.who }}, ${{ machine.facts.good }}: ${{ boot.done }}"
                          b: {json: {n: "${{ inputs.number }}", e: "${{ machine.facts.evil }}"}}
                        """);

        assertThat(compiled.arguments(given(NEEDED)))
                .containsExactly("quiet", "ks=http://10.0.0.1:7480/f/ks.cfg", "n=8");
        assertThat(compiled.file("a", given(NEEDED))).contains("to world, B0Q2-KY1: d");
        assertThat(compiled.file("b", given(NEEDED)))
                .contains("{\"n\":7,\"e\":\"x; $(reboot)\"}\n");
        assertThat(compiled.file("c", given(NEEDED))).isEmpty();
    }

    @Test
    void insertsNothingThatIsMoreThanAValue() {
        CompiledBootEnvironment compiled =
                compile(
                        """
                        arguments: ["a=${{ machine.facts.evil }}"]
                        files:
                          a: "${{ machine.facts.evil }}"
                          b: "${{ inputs.who }}"
                        """);
        assertThat(codes(() -> compiled.arguments(given(NEEDED))))
                .containsOnly("boot.unsafe-value");
        assertThat(codes(() -> compiled.file("a", given(NEEDED))))
                .containsOnly("boot.unsafe-value");
        for (String line : List.of("a\nb", "a\rb", "a\u0000b", "a\u0085b", "a\u2028b")) {
            Map<String, Value> values = Map.of("needed", Value.of("x"), "who", Value.of(line));
            assertThat(codes(() -> compiled.file("b", given(values))))
                    .containsOnly("boot.unsafe-value");
        }
        Map<String, Value> quoted = Map.of("needed", Value.of("x"), "who", Value.of("$6$a b\"c"));
        assertThat(compiled.file("b", given(quoted))).contains("$6$a b\"c");
    }

    @Test
    void saysWhichValuesAreMissingOrWrong() {
        CompiledBootEnvironment compiled = compile("arguments: [quiet]");

        assertThat(codes(() -> compiled.arguments(given(Map.of("number", Value.of(10))))))
                .containsOnly("boot.input-missing", "input.invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arguments: ['${{ boot.done }}']",
                "arguments: ['${{ boot.fles }}']",
                "arguments: ['${{ steps.a.outputs.b }}']",
                "arguments: ['${{ inputs.wo }}']",
                "files: {a: {json: ['${{ item }}']}}",
                "files: {a: {file: ks.cfg}}",
            })
    void refusesWhatCannotBeRead(String yaml) {
        Problems problems = new Problems();
        compile(yaml, problems);
        assertThat(problems.all())
                .extracting(Problem::code)
                .containsExactly("expression.unknown-reference");
    }

    @Test
    void namesThePlaceInAFileOfTheModule() {
        Problems problems = new Problems();
        compile("files: {a: {file: ks.cfg}}", problems);
        assertThat(problems.all())
                .singleElement()
                .extracting(problem -> String.valueOf(problem.location()))
                .isEqualTo("os/test/ks.cfg:2:18");
    }

    @Test
    void takesNoSecrets() {
        Problems problems = new Problems();
        compile("  password: {type: string, secret: true}\n", problems);
        assertThat(problems.all()).extracting(Problem::code).containsExactly("boot.secret-input");
    }
}
