package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What expressions evaluate to.
final class ExpressionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    'a' + 'b'                                       | ab
                    inputs.text                                     | abc
                    inputs.`in`                                     | reserved
                    'https://' + machine.address + ':2380'          | https://10.0.0.2:2380
                    string(inputs.port) + '/tcp'                    | 2379/tcp
                    groups.members.map(m, m.name).join(',')         | m0,m1,m2
                    groups.members.joining.map(m, m.name).join(',') | m2
                    groups.members.standing.map(m, m.address).join(' ') | 10.0.0.1 10.0.0.2
                    groups.members.filter(m, m.name != machine.name).map(m, m.name).join(',') | m0,m2
                    groups.members[0].name                          | m0
                    item.name                                       | m2
                    cluster.name                                    | demo
                    clusters.store.outputs.endpoints                | store/endpoints
                    'x' + clusters.store.outputs.url                | xstore/url
                    'x' + clusters['my-store'].outputs.url          | xmy-store/url
                    steps.package.outputs.version                   | 3.5
                    steps.package.outputs.version + '-1'            | 3.5-1
                    steps.package.each.outputs.version + '-1'       | 3.5-1
                    steps.member.all.outputs.client_url.join(',')   | u0,u1
                    steps.package.outputs.size == null ? 'skipped' : 'ran' | skipped
                    inputs.maybe == null ? 'none' : inputs.maybe    | none
                    inputs.any.deep[1]                              | y
                    inputs.labels.zone                              | a
                    inputs.labels['zone']                           | a
                    'a,b,c'.split(',')[1]                           | b
                    'a-b'.replace('-', '_').upperAscii()            | A_B
                    ' x '.trim()                                    | x
                    base64.encode(b'hi')                            | aGk=
                    cel.bind(a, inputs.text + '!', a + a)           | abc!abc!
                    string(timestamp('2020-01-01T00:00:00Z'))       | 2020-01-01T00:00:00Z
                    timestamp('2020-01-01T00:00:00Z')               | 2020-01-01T00:00:00Z
                    [1, 2].reverse().map(n, string(n)).join('')     | 21
                    ['b', 'a'].sort().join('')                      | ab
                    """)
    void computesText(String source, String result) {
        assertThat(Given.evaluate(source)).isEqualTo(Value.of(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    1 + 2 * 3                             | 7
                    inputs.port                           | 2379
                    inputs.port + 1                       | 2380
                    groups.members.size()                 | 3
                    groups.members.leaving.size()         | 0
                    machine.ordinal                       | 1
                    machine.facts.cpus                    | 4
                    groups.members[0].facts.cpus + 1      | 5
                    math.greatest(inputs.port, 3000)      | 3000
                    lists.range(4).size()                 | 4
                    [[1], [2, 3]].flatten().size()        | 3
                    7u                                    | 7
                    size(inputs.text)                     | 3
                    """)
    void computesIntegers(String source, long result) {
        assertThat(Given.evaluate(source)).isEqualTo(Value.of(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    inputs.flag && inputs.port > 1024                       | true
                    'a' in inputs.list                                      | true
                    'zone' in inputs.labels                                 | true
                    has(inputs.labels.rack)                                 | false
                    has(machine.facts.cpus)                                 | true
                    groups.members.exists(m, m.name == machine.name)        | true
                    groups.members.all(m, m.facts.ratio < 1)                | true
                    groups.members.exists_one(m, m.ordinal == 2)            | true
                    inputs.text.matches('^[a-c]+$')                         | true
                    sets.contains(inputs.list, ['a'])                       | true
                    inputs.any == {'deep': ['x', 'y']}                      | true
                    inputs.list == ['a', 'b']                               | true
                    machine == groups.members[1]                            | true
                    dyn(inputs.list) == null                                | false
                    inputs.ratio * 1.5 == 3.0                               | true
                    inputs.numbers[0] + 0.5 == 1.5                          | true
                    inputs.port < 2379.5                                    | true
                    """)
    void computesConditions(String source, boolean result) {
        assertThat(Given.evaluate(source)).isEqualTo(Value.of(result));
    }

    @Test
    void keepsTheTypeOfAWholeExpression() {
        assertThat(Given.evaluate("[1, 2.5, 'a', true, null]"))
                .isEqualTo(
                        Value.of(
                                List.of(
                                        Value.of(1),
                                        Value.of(2.5),
                                        Value.of("a"),
                                        Value.of(true),
                                        new Value.Null())));
        assertThat(Given.evaluate("{'a': inputs.list, 'b': {'c': 1}}"))
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "a",
                                        Given.texts("a", "b"),
                                        "b",
                                        Value.of(Map.of("c", Value.of(1))))));
    }

    @Test
    void handsAReferenceOnAsItIs() {
        assertThat(Given.evaluate("inputs.ratio")).isEqualTo(Value.of(2));
        Value any = Given.texts("x");
        assertThat(Given.evaluate("inputs.any", _ -> any)).isSameAs(any);
        assertThat(Given.evaluate("{'all': inputs.numbers}"))
                .isEqualTo(Value.of(Map.of("all", Value.of(List.of(Value.of(1), Value.of(2.5))))));
    }

    @Test
    void makesMapsWithTwoVariableMacros() {
        assertThat(Given.evaluate("inputs.list.transformMapEntry(i, v, {v: i})"))
                .isEqualTo(Value.of(Map.of("a", Value.of(0), "b", Value.of(1))));
        assertThat(Given.evaluate("inputs.labels.transformList(k, v, k + '=' + v)"))
                .isEqualTo(Given.texts("zone=a"));
    }

    @Test
    void readsAnIntegralRealAsAnInteger() {
        assertThat(Given.evaluate("inputs.port + 1", _ -> Value.of(3.0))).isEqualTo(Value.of(4));
    }

    @Test
    void evaluatesManyTimes() {
        CompiledTemplate compiled = Given.compile("inputs.text + '!'");

        assertThat(compiled.evaluate(_ -> Value.of("a"))).isEqualTo(Value.of("a!"));
        assertThat(compiled.evaluate(_ -> Value.of("b"))).isEqualTo(Value.of("b!"));
    }

    @Test
    void readsTenThousandMachines() {
        Value machines =
                Value.of(
                        IntStream.range(0, 10_000)
                                .mapToObj(i -> Given.machine("m" + i, i, "10.0.0.1"))
                                .toList());

        String listing = "groups.members.map(m, m.name + '=' + m.address).join(',')";
        assertThat(Given.evaluate(listing + ".size()", _ -> machines)).isEqualTo(Value.of(148_889));
        assertThat(Given.evaluate("groups.members.map(m, m.facts).distinct()", _ -> machines))
                .isInstanceOf(Value.Sequence.class);
    }
}
