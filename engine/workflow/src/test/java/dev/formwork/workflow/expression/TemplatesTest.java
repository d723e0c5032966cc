package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Text with expressions in it, lists and maps of templates, and secrets in all of them.
final class TemplatesTest {
    @ParameterizedTest
    @CsvSource({
        "inputs.text, <abc>",
        "inputs.port, <2379>",
        "inputs.ratio, <2>",
        "inputs.flag, <true>",
        "1.5, <1.5>",
        "2.0, <2.0>",
        "1e30, <1.0E30>",
        "steps.package.outputs.version, <3.5>"
    })
    void putsScalarsIntoText(String source, String text) {
        assertThat(evaluate(mixed("<", source, ">"))).isEqualTo(Value.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inputs.list",
                "inputs.labels",
                "inputs.any",
                "null",
                "inputs.maybe",
                "machine",
                "steps.package.outputs.size"
            })
    void putsNothingElseIntoText(String source) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> evaluate(mixed("<", source, ">")))
                .satisfies(thrown -> {
                    assertThat(thrown.code()).isEqualTo("expression.not-text");
                    assertThat(thrown.problems().getFirst().location()).isEqualTo(Given.PLACE);
                });
    }

    @Test
    void tellsBeforehandThatAListIsNoText() {
        Problems problems = new Problems();

        Expressions.compile(mixed("<", "inputs.list", ">"), Given.SCOPE, problems);

        assertThat(problems.all())
                .extracting(Problem::detail)
                .containsExactly("this is list(string), which isn't put into text");
    }

    @Test
    void evaluatesListsAndMaps() {
        Template template =
                new Template.Fields(
                        Map.of(
                                "a",
                                Given.computed("inputs.port"),
                                "b",
                                new Template.Items(
                                        List.of(
                                                new Template.Constant(Value.of(1), Given.PLACE),
                                                mixed("x", "inputs.text", "")),
                                        Given.PLACE)),
                        Given.PLACE);

        assertThat(evaluate(template))
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "a",
                                        Value.of(2379),
                                        "b",
                                        Value.of(List.of(Value.of(1), Value.of("xabc"))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inputs.password",
                "inputs.password + '!'",
                "inputs.password.size()",
                "inputs.password == 'x'",
                "inputs.account.password",
                "inputs.account.password + 'x'",
                "[inputs.password]",
                "{'p': inputs.password}",
                "inputs.flag ? inputs.password : ''",
                "inputs.flag ? '' : inputs.password",
                "inputs.list.map(x, x + inputs.password)",
                "inputs.account.transformList(k, v, v)",
                "inputs.account == {'user': 'root', 'password': 'x'}",
                "inputs.list + [inputs.password]"
            })
    void whatReadsASecretIsOne(String source) {
        Value value = Given.evaluate(source);

        assertThat(value).isInstanceOf(Value.Secret.class);
        assertThat(value.toString()).isEqualTo("***");
        assertThat(((Value.Secret) value).revealed().holdsSecret()).isFalse();
    }

    @Test
    void keepsSecretsThatAreOnlyHandedOn() {
        Value account = Given.evaluate("{'a': inputs.account}");

        assertThat(account).isNotInstanceOf(Value.Secret.class);
        assertThat(account.holdsSecret()).isTrue();
        assertThat(account.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void doesNotHideWhatStandsBesideASecret() {
        assertThat(Given.evaluate("inputs.account.user")).isEqualTo(Value.of("root"));
        assertThat(Given.evaluate("'u=' + inputs.account.user")).isEqualTo(Value.of("u=root"));
        assertThat(Given.evaluate("inputs.account.size()")).isEqualTo(Value.of(2));
    }

    @Test
    void textWithASecretIsASecret() {
        Value value = evaluate(mixed("password=", "inputs.password", ";"));

        assertThat(value).isEqualTo(new Value.Secret(Value.of("password=s3cr3t-value;")));
    }

    @Test
    void aFieldThatIsASecretLeavesTheOthers() {
        Template template =
                new Template.Fields(
                        Map.of(
                                "user", Given.computed("inputs.text"),
                                "password", Given.computed("inputs.password")),
                        Given.PLACE);

        assertThat(evaluate(template))
                .isEqualTo(Value.of(Map.of("user", Value.of("abc"), "password", Given.SECRET)));
    }

    @Test
    void itemsOfASecretListAreSecrets() {
        Problems problems = new Problems();
        CompiledList list =
                Expressions.compileList(
                        Given.expression("inputs.password.split('-')"), Given.SCOPE, problems);

        assertThat(problems.all()).isEmpty();
        assertThat(list.items(Given::value)).hasSize(2).allMatch(Value.Secret.class::isInstance);
    }

    @Test
    void aConditionOnASecretIsJustABool() {
        Problems problems = new Problems();
        CompiledCondition condition =
                Expressions.compileBoolean(
                        Given.expression("inputs.password != ''"), Given.SCOPE, problems);

        assertThat(problems.all()).isEmpty();
        assertThat(condition.test(Given::value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int(inputs.password)",
                "{'a': 1}[inputs.password]",
                "{inputs.password: 1, inputs.password: 2}",
                "timestamp(inputs.password)",
                "duration(inputs.password)",
                "bool(inputs.password)",
                "inputs.text.matches('(' + inputs.password)",
                "dyn(inputs.password) + 1",
                "dyn(inputs.password).x",
                "dyn(inputs.password)[0]",
                "inputs.password.substring(100)",
                "base64.decode(inputs.password + '%')",
                "inputs.list[size(inputs.password) + 100]",
                "inputs.any[inputs.account.password]",
                "double(inputs.account.password)",
                "[b'x', inputs.password]"
            })
    void anErrorNeverQuotesASecret(String source) {
        List<String> messages = new ArrayList<>();
        try {
            CompiledTemplate compiled = Given.compile(source);
            Value value = compiled.evaluate(Given::value);
            throw new AssertionError("evaluated to " + value);
        } catch (ProblemException problem) {
            messages.add(problem.toString());
            Throwable cause = problem.getCause();
            while (cause != null) {
                messages.add(cause.toString());
                cause = cause.getCause();
            }
        }

        assertThat(messages.toString()).contains("expression.").doesNotContain("s3cr3t");
    }

    private static Template mixed(String before, String source, String after) {
        return new Template.Mixed(
                List.of(
                        new Template.Part.Literal(before),
                        new Template.Part.Inserted(Given.expression(source)),
                        new Template.Part.Literal(after)),
                Given.PLACE);
    }

    private static Value evaluate(Template template) {
        Problems problems = new Problems();
        CompiledTemplate compiled = Expressions.compile(template, Given.SCOPE, problems);
        problems.throwIfAny();
        return compiled.evaluate(Given.strictly(compiled, Given::value));
    }
}
