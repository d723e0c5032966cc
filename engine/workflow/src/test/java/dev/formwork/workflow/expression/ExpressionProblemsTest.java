package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Template;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/// What is found wrong, where, and what a user is told.
final class ExpressionProblemsTest {
    /// Columns count from the expression's own first character here.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    inputs.prt                   | 7  | there is no inputs.prt | did you mean inputs.port?
                    1 + inputs.prt               | 11 | there is no inputs.prt | did you mean inputs.port?
                    inputs.zzzzzz                | 7  | there is no inputs.zzzzzz | there is inputs.account, inputs.any, inputs.flag, inputs.in, inputs.labels, inputs.list, ...
                    inputs                       | 0  | `inputs` isn't a value by itself | there is inputs.account, inputs.any, inputs.flag, inputs.in, inputs.labels, inputs.list, ...
                    inputs['port']               | 7  | names aren't looked up in [] | write inputs.port
                    input.port                   | 0  | there is nothing called `input` | did you mean inputs?
                    has(inputs.port)             | 4  | `inputs` isn't a value by itself | there is inputs.account, inputs.any, inputs.flag, inputs.in, inputs.labels, inputs.list, ...
                    steps.packge.outputs.version | 6  | there is no steps.packge | did you mean steps.package?
                    steps.package.output.version | 14 | there is no steps.package.output | did you mean steps.package.outputs?
                    steps.package.outputs.verion | 22 | there is no steps.package.outputs.verion | did you mean steps.package.outputs.version?
                    steps.package.version        | 14 | there is no steps.package.version | there is steps.package.all, steps.package.each, steps.package.outputs
                    steps.package.outputs        | 0  | `steps.package.outputs` isn't a value by itself | there is steps.package.outputs.files, steps.package.outputs.size, steps.package.outputs.version
                    steps.member.all.client_url  | 17 | there is no steps.member.all.client_url | there is steps.member.all.outputs
                    groups.member.size()         | 7  | there is no groups.member | did you mean groups.members?
                    groups.members.joinin.size() | 15 | there is no groups.members.joinin | did you mean groups.members.joining?
                    groups.members.map(m, m.nam) | 23 | a machine has no field `nam` | did you mean name?
                    machine.nmae                 | 7  | a machine has no field `nmae` | did you mean name?
                    machine.uptime               | 7  | a machine has no field `uptime` | it has address, facts, group, name, ordinal, provider
                    cluster.nam                  | 8  | there is no cluster.nam | did you mean cluster.name?
                    clusters.store.endpoints     | 0  | of another cluster only its outputs can be read | write clusters.NAME.outputs.OUTPUT, or clusters["my-name"].outputs.OUTPUT
                    clusters['a/b'].outputs.x    | 0  | of another cluster only its outputs can be read | write clusters.NAME.outputs.OUTPUT, or clusters["my-name"].outputs.OUTPUT
                    prod                         | 0  | there is nothing called `prod` | text is written in quotes: 'prod'
                    inputs.list.joined(',')      | 18 | there is no function `joined` | did you mean join?
                    inputs.list.jon(',')         | 15 | there is no function `jon` | did you mean join?
                    now()                        | 3  | there is no function `now` | ~~
                    """)
    void namesWhatIsNotThere(String source, int column, String detail, String hint) {
        assertProblem(source, "expression.unknown-reference", column, detail, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    'port ' + inputs.port       | 8  | + doesn't take (string, int) | turn the other one into text: string(x)
                    inputs.port + 'x'           | 12 | + doesn't take (int, string) | turn the other one into text: string(x)
                    inputs.flag + 'x'           | 12 | + doesn't take (bool, string) | turn the other one into text: string(x)
                    inputs.port * 1.5           | 12 | * doesn't take (int, double) | turn the int into a double: double(x)
                    inputs.list == null         | 12 | == doesn't take (list(string), null) | compare dyn(x) with null
                    machine['name']             | 7  | the lookup in [] doesn't take (machine, string) | write machine.name and so on
                    [1].join(',')               | 8  | join() doesn't take (list(int), string) | all items must be text: list.map(x, string(x)).join(',')
                    inputs.port.x               | 11 | type 'int' does not support field selection | ~~
                    !inputs.port                | 0  | ! doesn't take (int) | ~~
                    inputs.flag && inputs.text  | 12 | && doesn't take (bool, string) | ~~
                    inputs.flag ? 1 : 'a'       | 12 | the choice ? : doesn't take (bool, int, string) | ~~
                    """)
    void tellsTypesApart(String source, int column, String detail, String hint) {
        assertProblem(source, "expression.type", column, detail, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    1 +                      | 3 | the expression ends too early | something is missing, such as an operand or a closing bracket
                    'abc                     | 0 | can't read 'abc | is the closing quote missing?
                    inputs.port = 1          | 12 | can't read = | compare with ==
                    (1                       | 2 | `)` is missing | ~~
                    1 2                      | 2 | `2` isn't expected here | ~~
                    .inputs.port             | 1 | a name doesn't start with a dot | leave it out
                    [1].map(machine, 1)      | 7 | `machine` can't be the name of a variable here | it has a meaning of its own; take another name
                    cel.bind(inputs, 1, 2)   | 8 | `inputs` can't be the name of a variable here | it has a meaning of its own; take another name
                    a.B{c: 1}                | 3 | there are no messages to be made here | a map is written {"key": value}
                    """)
    void readsTheSyntax(String source, int column, String detail, String hint) {
        assertProblem(source, "expression.syntax", column, detail, hint);
    }

    private static void assertProblem(
            String source, String code, int column, String detail, String hint) {
        List<Problem> problems = Given.problemsOf(source);
        assertThat(problems).hasSize(1);
        Problem problem = problems.getFirst();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.detail()).isEqualTo(detail);
        assertThat(String.valueOf(problem.hint())).isEqualTo(hint.isEmpty() ? "null" : hint);
        assertThat(problem.location()).isEqualTo(new Location("module.yaml", 7, 11 + column));
    }

    @Test
    void findsThePlaceOnLaterLines() {
        assertThat(Given.problemsOf("1 +\n  inputs.prt").getFirst().location())
                .isEqualTo(new Location("module.yaml", 8, 10));
    }

    @Test
    void saysThatAnEmptyExpressionIsEmpty() {
        assertThat(Given.problemsOf("  "))
                .extracting(Problem::code)
                .containsExactly("expression.syntax");
    }

    @Test
    void reportsAllProblemsTogether() {
        Template template =
                new Template.Items(
                        List.of(
                                Given.computed("inputs.a1"),
                                Given.computed("inputs.b1 + inputs.c1"),
                                new Template.Mixed(
                                        List.of(
                                                new Template.Part.Literal("x"),
                                                new Template.Part.Inserted(
                                                        Given.expression("1 +"))),
                                        Given.PLACE),
                                new Template.Fields(
                                        Map.of("a", Given.computed("'a' + 1")), Given.PLACE)),
                        Given.PLACE);
        Problems problems = new Problems();

        CompiledTemplate compiled = Expressions.compile(template, Given.SCOPE, problems);

        assertThat(problems.all()).hasSize(5);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> compiled.evaluate(Given::value));
    }

    @Test
    void saysWhatAPlaceDoesNotHave() {
        assertThat(problems("machine.name", Scope.EMPTY))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.detail()).isEqualTo("there is no machine here"));
        assertThat(problems("item", Scope.EMPTY))
                .extracting(Problem::hint)
                .containsExactly("`item` comes with `for_each`");
        assertThat(problems("clusters.a.outputs.b", Scope.EMPTY))
                .extracting(Problem::code)
                .containsExactly("expression.unknown-reference");
        assertThat(problems("inputs.a", Scope.EMPTY))
                .extracting(Problem::hint)
                .containsExactly("there are none");
        assertThat(problems("cluster.name", Scope.EMPTY)).isEmpty();
        assertThat(problems("clusters.a.outputs.b", Scope.EMPTY.withClusters())).isEmpty();
    }

    @Test
    void refusesAResultThatJsonDoesNotHave() {
        for (String source :
                List.of("b'a'", "duration('1h')", "type(1)", "int", "bytes(inputs.text)")) {
            assertThat(Given.problemsOf(source))
                    .as(source)
                    .extracting(Problem::code)
                    .containsExactly("expression.not-json");
        }
        for (String source :
                List.of(
                        "[b'a']",
                        "{1: 2}",
                        "0.0 / 0.0",
                        "1.0 / 0.0",
                        "18446744073709551615u",
                        "{'d': duration('1h')}")) {
            assertThat(code(source)).as(source).isEqualTo("expression.not-json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    inputs.port / 0              | 12 | division by zero
                    inputs.port % 0              | 12 | division by zero
                    inputs.labels.rack           | 13 | there is no such key or field
                    inputs.labels['rack']        | 13 | there is no such key or field
                    inputs.any.x.y               | 12 | there is no such key or field
                    inputs.list[7]               | 11 | the list has no such index
                    inputs.port + 9223372036854775807 | 12 | the number doesn't fit 64 bits
                    int(inputs.text)             | 3  | the text can't be converted
                    steps.package.outputs.size + 1 | 27 | a value has a type that this isn't defined for
                    {'a': 1, inputs.text: 2, 'abc': 3} | 25 | the map has a key twice
                    inputs.text.matches('(')     | 19 | an argument is refused
                    inputs.text.substring(9)     | 0 | the expression can't be evaluated
                    """)
    void saysWhyItFailed(String source, int column, String detail) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Given.evaluate(source))
                .satisfies(thrown -> {
                    Problem problem = thrown.problems().getFirst();
                    assertThat(problem.code()).isEqualTo("expression.failed");
                    assertThat(problem.detail()).startsWith(detail);
                    assertThat(problem.location())
                            .isEqualTo(new Location("module.yaml", 7, 11 + column));
                });
    }

    @Test
    void wantsABoolForACondition() {
        Problems problems = new Problems();

        Expressions.compileBoolean(Given.expression("inputs.port"), Given.SCOPE, problems);

        assertThat(problems.all())
                .singleElement()
                .hasToString(
                        "module.yaml:7:11: expression.type: `inputs.port` is int (it must be true or"
                                + " false)");
    }

    @Test
    void wantsABoolAlsoAtRunTime() {
        Problems problems = new Problems();
        CompiledCondition condition =
                Expressions.compileBoolean(Given.expression("inputs.any"), Given.SCOPE, problems);

        assertThat(problems.all()).isEmpty();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> condition.test(Given::value))
                .satisfies(thrown -> assertThat(thrown.code()).isEqualTo("expression.type"));
    }

    @Test
    void wantsAListToIterateOver() {
        Problems problems = new Problems();

        CompiledList list =
                Expressions.compileList(Given.expression("inputs.labels"), Given.SCOPE, problems);

        assertThat(problems.all()).extracting(Problem::code).containsExactly("expression.type");
        assertThat(list.references()).isEmpty();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> list.items(Given::value));
    }

    private static List<Problem> problems(String source, Scope scope) {
        Problems problems = new Problems();
        Expressions.compile(Given.computed(source), scope, problems);
        return problems.all();
    }

    private static String code(String source) {
        try {
            return "evaluated to " + Given.evaluate(source);
        } catch (ProblemException problem) {
            return problem.code();
        }
    }
}
