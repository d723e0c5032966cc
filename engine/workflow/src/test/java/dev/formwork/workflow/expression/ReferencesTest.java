package dev.formwork.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Template;
import dev.formwork.workflow.expression.Reference.Subset;
import dev.formwork.workflow.expression.Reference.Which;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Set;

/// What an expression is found to read, without evaluating it.
final class ReferencesTest {
    @Test
    void findsEveryKind() {
        assertThat(references("inputs.port")).containsExactly(new Reference.Input("port"));
        assertThat(references("steps.package.outputs.version"))
                .containsExactly(new Reference.StepOutput("package", Which.SAME, "version"));
        assertThat(references("steps.member.all.outputs.client_url"))
                .containsExactly(new Reference.StepOutput("member", Which.ALL, "client_url"));
        assertThat(references("steps.member.each.outputs.client_url"))
                .containsExactly(new Reference.StepOutput("member", Which.EACH, "client_url"));
        assertThat(references("cluster.name")).containsExactly(new Reference.ClusterName());
        assertThat(references("clusters['my-store'].outputs.url"))
                .containsExactly(new Reference.ClusterOutput("my-store", "url"));
        assertThat(references("groups.members.size()"))
                .containsExactly(new Reference.Members("members", Subset.WANTED, false));
        assertThat(references("groups.peers.leaving.size()"))
                .containsExactly(new Reference.Members("peers", Subset.LEAVING, false));
        assertThat(references("machine.name")).containsExactly(new Reference.Machine(false));
        assertThat(references("item.name")).containsExactly(new Reference.Item(false));
    }

    @Test
    void findsThemInTheOrderWritten() {
        assertThat(
                        references(
                                "inputs.flag ? string(inputs.port) :"
                                        + " steps.package.outputs.version + inputs.text"))
                .extracting(Object::toString)
                .containsExactly(
                        "inputs.flag",
                        "inputs.port",
                        "steps.package.outputs.version",
                        "inputs.text");
    }

    @Test
    void findsNoneInAConstant() {
        assertThat(references("1 + 1")).isEmpty();
    }

    @Test
    void findsThoseInsideMacros() {
        assertThat(references("inputs.list.filter(x, x != inputs.text).map(y, y + cluster.name)"))
                .extracting(Object::toString)
                .containsExactly("inputs.list", "inputs.text", "cluster.name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    groups.members.map(m, m.name)
                    groups.members.map(m, m.name + string(m.ordinal) + m.group).join(',')
                    groups.members.size()
                    size(groups.members) > 1
                    groups.members[0].name
                    groups.members.exists(m, m.name == machine.name)
                    groups.members.all(m, m.ordinal < 5)
                    groups.members.exists_one(m, m.ordinal == 0)
                    groups.members.filter(m, m.ordinal > 0).map(m, m.name)
                    groups.members.filter(m, m.ordinal > 0).size()
                    groups.members.filter(m, m.ordinal > 0)[0].name
                    groups.members.map(m, m.ordinal > 0, m.name)
                    (groups.members + groups.peers).map(m, m.name)
                    (inputs.flag ? groups.members : groups.peers).map(m, m.name)
                    (inputs.flag ? machine : item).name
                    [machine, item].map(m, m.name)
                    {'a': machine}.a.name
                    cel.bind(m, machine, m.name + m.group)
                    cel.bind(all, groups.members + groups.peers, all.map(m, m.name))
                    groups.members.reverse().map(m, m.name)
                    groups.members.slice(0, 1)[0].name
                    [groups.members, groups.peers].flatten().map(m, m.name)
                    groups.members.map(m, groups.peers.map(p, p.name + m.name))
                    groups.members.transformList(i, m, string(i) + m.name)
                    item.ordinal
                    """)
    void isNotLiveWhereOnlyNamesOrdinalsAndGroupsAreRead(String source) {
        assertThat(references(source)).isNotEmpty().noneMatch(ReferencesTest::isLive);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    groups.members
                    machine
                    item
                    groups.members[0]
                    [machine]
                    {'a': machine}
                    machine.address
                    machine.facts
                    machine.facts.cpus
                    machine.provider
                    has(machine.address)
                    groups.members.map(m, m)
                    groups.members.map(m, m.address)
                    groups.members.map(m, m.name + m.address)
                    groups.members.filter(m, m.name == 'a')
                    groups.members.filter(m, m.facts.cpus > 2).map(m, m.name)
                    groups.members.filter(m, m.facts.cpus > 2).size()
                    groups.members.exists(m, m.facts.cpus > 2)
                    groups.members.sort()
                    machine in groups.members
                    groups.members == groups.peers
                    machine == item
                    dyn(machine).name
                    dyn(groups.members)[0].name
                    [dyn(1), machine][1].name
                    groups.members.map(m, {'n': m})
                    groups.members.map(m, [m])[0][0].address
                    groups.members.map(m, [dyn(m)])
                    cel.bind(m, machine, m.address)
                    cel.bind(m, machine, m)
                    groups.members.distinct().map(m, m.name)
                    groups.members.map(m, dyn(m)).map(m, m.name)
                    groups.members.transformMapEntry(i, m, {m.name: m})
                    [machine, item].map(m, m.address)
                    (inputs.flag ? machine : item).address
                    {'a': machine}['a'].address
                    sets.contains(groups.members, groups.peers)
                    """)
    void isLiveWhereMoreIsReadOrCouldBe(String source) {
        assertThat(references(source).stream().filter(r -> !(r instanceof Reference.Input)))
                .isNotEmpty()
                .allMatch(ReferencesTest::isLive);
    }

    @Test
    void tellsTheLiveFromTheOthersInOneExpression() {
        assertThat(
                        references(
                                "groups.members.exists(m, m.name == machine.name) ? item.address : ''"))
                .containsExactlyInAnyOrder(
                        new Reference.Members("members", Subset.WANTED, false),
                        new Reference.Machine(false),
                        new Reference.Item(true));
        assertThat(references("groups.members.map(m, m.address) + groups.peers.map(m, m.name)"))
                .containsExactlyInAnyOrder(
                        new Reference.Members("members", Subset.WANTED, true),
                        new Reference.Members("peers", Subset.WANTED, false));
        assertThat(references("groups.members.map(m, groups.peers.map(p, p.name + m.address))"))
                .containsExactlyInAnyOrder(
                        new Reference.Members("members", Subset.WANTED, true),
                        new Reference.Members("peers", Subset.WANTED, false));
    }

    @Test
    void namesAMachineOnceForAWholeTemplate() {
        Template template =
                new Template.Fields(
                        Map.of(
                                "name", Given.computed("machine.name"),
                                "address", Given.computed("machine.address")),
                        Given.PLACE);
        Problems problems = new Problems();

        CompiledTemplate compiled = Expressions.compile(template, Given.SCOPE, problems);

        problems.throwIfAny();
        assertThat(compiled.references()).containsExactly(new Reference.Machine(true));
        assertThat(compiled.evaluate(Given.strictly(compiled, Given::value))).isNotNull();
    }

    @Test
    void aListOfMachinesIsNotLiveByItself() {
        CompiledList joining = list("groups.members.joining");
        assertThat(joining.references())
                .containsExactly(new Reference.Members("members", Subset.JOINING, false));
        assertThat(joining.itemKind()).isEqualTo(ItemKind.MACHINE);
        assertThat(joining.items(Given::value)).hasSize(1);

        CompiledList filtered = list("groups.members.filter(m, m.ordinal > 0)");
        assertThat(filtered.references())
                .containsExactly(new Reference.Members("members", Subset.WANTED, false));
        assertThat(filtered.itemKind()).isEqualTo(ItemKind.MACHINE);
        assertThat(filtered.items(Given::value)).hasSize(2);

        assertThat(list("groups.members.filter(m, m.facts.cpus > 2)").references())
                .containsExactly(new Reference.Members("members", Subset.WANTED, true));
        assertThat(list("[groups.members]").references())
                .containsExactly(new Reference.Members("members", Subset.WANTED, true));
        assertThat(list("inputs.list").itemKind()).isEqualTo(ItemKind.ANY);
    }

    @Test
    void anItemThatIsNoMachineIsNeverLive() {
        Scope scope = Given.SCOPE.withItem(ItemKind.ANY);
        Problems problems = new Problems();

        CompiledTemplate compiled =
                Expressions.compile(Given.computed("item.address"), scope, problems);

        assertThat(problems.all()).isEmpty();
        assertThat(compiled.references()).containsExactly(new Reference.Item(false));
    }

    private static CompiledList list(String source) {
        Problems problems = new Problems();
        CompiledList list =
                Expressions.compileList(Given.expression(source), Given.SCOPE, problems);
        problems.throwIfAny();
        return list;
    }

    @Test
    void findsWhatAStepHasPutOutItselfAndWhatItRunsFor() {
        assertThat(references("outputs.ready && failure.code == 'step.failed'"))
                .containsExactlyInAnyOrder(
                        new Reference.OwnOutput("ready"), new Reference.Failure("code"));
    }

    @Test
    void aParameterIsAnInputSeenFromAMachineAndHasItsType() {
        assertThat(references("params.port + inputs.port"))
                .containsExactly(new Reference.Param("port"), new Reference.Input("port"));
    }

    private static Set<Reference> references(String source) {
        return Given.compile(source).references();
    }

    private static boolean isLive(Reference reference) {
        return switch (reference) {
            case Reference.Members(_, _, boolean live) -> live;
            case Reference.Machine(boolean live) -> live;
            case Reference.Item(boolean live) -> live;
            case Reference.Input _,
                    Reference.Param _,
                    Reference.OwnOutput _,
                    Reference.Failure _,
                    Reference.Boot _,
                    Reference.StepOutput _,
                    Reference.ClusterName _,
                    Reference.ClusterOutput _ ->
                    false;
        };
    }
}
