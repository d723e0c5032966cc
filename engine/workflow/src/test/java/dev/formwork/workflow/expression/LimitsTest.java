package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// No expression, and no value in one, takes more than seconds and megabytes.
@Timeout(30)
final class LimitsTest {
    /// 2^30 characters or items, by small steps.
    private static String doubling(String start, String step) {
        return start + (".map(x, " + step + ")").repeat(30);
    }

    static final List<String> TOO_COSTLY =
            List.of(
                    doubling("['ab']", "x + x"),
                    doubling("[[1]]", "x + x"),
                    doubling("[[1]]", "[x, x].flatten()"),
                    doubling("[dyn(1)]", "[x, x]") + ".size()",
                    doubling("[dyn(1)]", "{'a': x, 'b': x}") + ".size()",
                    "lists.range(10000000)",
                    "lists.range(1000000000000)",
                    "lists.range(1000).map(a, lists.range(1000))",
                    "lists.range(1000).all(a, lists.range(1000).all(b, true))",
                    "inputs.text.replace('', inputs.text)",
                    "inputs.text.replace('a', inputs.text)",
                    "inputs.text.split('').join(inputs.text)",
                    "lists.range(1000).map(x, inputs.text).join('')",
                    "lists.range(1000).map(x, inputs.text.contains('aaaaaaaaab')).size()",
                    "lists.range(1000).all(x, !inputs.text.contains(inputs.text + 'b'))",
                    "lists.range(1000).all(x, !inputs.text.matches('(a*)*b'))",
                    "lists.range(1000).all(x, inputs.list == inputs.list + ['x'] || true)",
                    "lists.range(1000).all(x, sets.contains(inputs.list, ['x']) || true)",
                    "lists.range(1000).all(x, sets.equivalent(inputs.list, inputs.list))",
                    "lists.range(1000).all(x, inputs.list.distinct().size() > 0)",
                    "lists.range(1000).all(x, inputs.list.sort().size() > 0)",
                    "lists.range(1000).all(x, inputs.text.reverse() != '')",
                    "inputs.text.split('').size() + 'x'.matches('((a{100}){100}){100}') ? 1 : 2",
                    "true || (1" + " + 1".repeat(200) + ") > 0",
                    "[".repeat(5000),
                    "(".repeat(5000) + "1" + ")".repeat(5000),
                    "1" + "+1".repeat(9000),
                    "inputs.any" + ".a".repeat(5000),
                    "inputs.any" + "[0]".repeat(5000),
                    "'" + "x".repeat(30_000) + "'");

    @ParameterizedTest
    @FieldSource("TOO_COSTLY")
    void boundsWhatAnExpressionCosts(String source) {
        Value text = Value.of("a".repeat(200_000));
        Value list =
                Value.of(
                        Stream.iterate(0, i -> i + 1)
                                .limit(20_000)
                                .map(i -> Value.of("item-" + i))
                                .toList());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        Given.evaluate(
                                source,
                                reference ->
                                        reference.toString().equals("inputs.text") ? text : list))
                .satisfies(thrown ->
                        assertThat(thrown.code())
                                .isIn(
                                        "expression.too-costly",
                                        "expression.syntax",
                                        "expression.type"));
    }

    static final List<String> AFFORDABLE =
            List.of(
                    "groups.members.map(m, m.name + '=https://' + m.address + ':2380').join(',')",
                    "groups.members.filter(m, m.ordinal > 5).size()",
                    "groups.members.exists(m, m.name == 'nobody')",
                    "groups.members.map(m, {'name': m.name, 'address': m.address})",
                    "groups.members.map(m, m.facts.cpus).sort().size()",
                    "groups.members.map(m, m.group).distinct()");

    @ParameterizedTest
    @FieldSource("AFFORDABLE")
    void affordsTenThousandMachines(String source) {
        Value machines =
                Value.of(
                        Stream.iterate(0, i -> i + 1)
                                .limit(10_000)
                                .map(i -> Given.machine("machine-" + i, i, "10.0.0.1"))
                                .toList());

        assertThat(Given.evaluate(source, _ -> machines)).isNotNull();
    }

    static final List<Value> HOSTILE =
            List.of(
                    Value.of("\u0000\uD800 ${{ inputs.password }} ]]> '\"\\"),
                    Value.of(Long.MIN_VALUE),
                    Value.of(-0.0),
                    Value.of(Double.MIN_VALUE),
                    Value.of(Map.of("", Value.of(""), "__proto__", new Value.Null())),
                    Value.of(List.of(new Value.Null(), Value.of(List.of()))),
                    new Value.Secret(new Value.Null()));

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void handsHostileValuesOnUnchanged(Value value) {
        assertThat(Given.evaluate("inputs.any", _ -> value)).isEqualTo(value);
        assertThat(Given.evaluate("[inputs.any][0]", _ -> value)).isEqualTo(value);
    }
}
