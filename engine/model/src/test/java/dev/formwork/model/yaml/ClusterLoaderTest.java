package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.problems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Location;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.ClusterSpec.Members;
import dev.formwork.model.module.ClusterSpec.Place;
import dev.formwork.model.module.ClusterSpec.Prefer;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Profile;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Template.Part;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

class ClusterLoaderTest {
    private static ClusterSpec load(String yaml) {
        return ClusterLoader.load("c.yaml", yaml);
    }

    private static Template with(String yaml) {
        ClusterSpec cluster = load("kind: Cluster\nname: c\nworkflow: w\nwith:\n  v: " + yaml);
        return Objects.requireNonNull(cluster.with().get("v"));
    }

    private static Location at(int line, int column) {
        return new Location("c.yaml", line, column);
    }

    @Test
    void loadsACluster() {
        ClusterSpec cluster = load(Samples.CLUSTER);
        assertThat(cluster.name()).isEqualTo("demo");
        assertThat(cluster.workflow()).isEqualTo("etcd-cluster");
        assertThat(cluster.profiles()).containsExactly("small", "europe");
        assertThat(cluster.bind())
                .containsExactly(Map.entry("etcd/package", "etcd/from-distribution"));
        assertThat(cluster.groups().values())
                .containsExactly(
                        new ClusterSpec.Group(
                                "members",
                                new Members.Made(
                                        3, "local", Value.of(Map.of("memory", Value.of(1)))),
                                List.of(),
                                Map.of("a", "b"),
                                Map.of(),
                                at(6, 3)),
                        new ClusterSpec.Group(
                                "others",
                                new Members.Named(List.of("m1", "m2")),
                                List.of("big"),
                                Map.of(),
                                Map.of(
                                        "client_port",
                                        new Template.Constant(Value.of(1), at(7, 69))),
                                at(7, 3)),
                        new ClusterSpec.Group(
                                "spread",
                                new Members.Placed(
                                        5,
                                        List.of(
                                                new Place(
                                                        "racks",
                                                        Value.of(Map.of("group", Value.of("web"))),
                                                        1,
                                                        Optional.of(3),
                                                        Optional.empty(),
                                                        at(11, 9)),
                                                new Place(
                                                        "aws",
                                                        Value.Struct.EMPTY,
                                                        2,
                                                        Optional.empty(),
                                                        Optional.of(
                                                                new Expression(
                                                                        "machine.ordinal > 0",
                                                                        at(12, 47))),
                                                        at(12, 9))),
                                        true,
                                        Prefer.CHEAPEST),
                                List.of(),
                                Map.of(),
                                Map.of(),
                                at(8, 3)));
        assertThat(cluster.with().keySet())
                .containsExactly("client_port", "endpoints", "text", "nested");
        assertThat(load(Samples.CLUSTER))
                .isEqualTo(
                        ClusterLoader.load(
                                "c.yaml", Samples.CLUSTER.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void loadsAGroupThatTakesFromAPool() {
        ClusterSpec cluster =
                load(
                        """
                        kind: Cluster
                        name: c
                        workflow: w
                        groups:
                          g: {count: 2, pool: metal, where: "${{ machine.facts.memory_mb > 1 }}"}
                        """);
        assertThat(Objects.requireNonNull(cluster.groups().get("g")).members())
                .isEqualTo(
                        new Members.Pooled(
                                2,
                                "metal",
                                Optional.of(
                                        new Expression("machine.facts.memory_mb > 1", at(5, 42)))));
        String head = "kind: Cluster\nname: c\nworkflow: w\ngroups:\n  g: ";
        assertThat(problems(() -> load(head + "{count: 1, pool: p, provider: local}")))
                .singleElement()
                .asString()
                .contains("cluster.group-source");
        assertThat(problems(() -> load(head + "{where: 'true'}")))
                .hasSize(2)
                .allMatch(problem -> problem.contains("yaml.missing-key"));
    }

    @Test
    void loadsAPool() {
        PoolSpec pool = PoolLoader.load("p.yaml", Samples.POOL);
        assertThat(pool.name()).isEqualTo("metal");
        assertThat(pool.where().map(Expression::source))
                .contains("machine.facts.memory_mb >= 32000");
        assertThat(pool.make())
                .contains(
                        new PoolSpec.Make("local", Value.of(Map.of("memory", Value.of(1))), 10, 2));
        assertThat(pool.clean()).isEqualTo(new PoolSpec.Clean.PowerOff());
        assertThat(
                        PoolLoader.load(
                                        "p.yaml",
                                        "kind: Pool\nname: p\nwhere: a\nclean: {run: m/wipe}\n")
                                .clean())
                .isEqualTo(new PoolSpec.Clean.Run("m/wipe"));
        assertThat(
                        problems(() ->
                                PoolLoader.load(
                                        "p.yaml", Samples.POOL.replace("keep: 2", "keep: 11"))))
                .singleElement()
                .asString()
                .contains("11 is not within 0 and 10");
        assertThat(problems(() -> PoolLoader.load("p.yaml", "kind: Pool\nname: p\n")))
                .singleElement()
                .asString()
                .contains("pool.no-source");
        assertThat(
                        problems(() ->
                                PoolLoader.load(
                                        "p.yaml", "kind: Pool\nname: p\nwhere: a\nclean: wipe\n")))
                .singleElement()
                .asString()
                .contains("power-off");
    }

    @Test
    void keepsTheTypeOfALoneExpression() {
        assertThat(with("${{ a.b }}"))
                .isEqualTo(new Template.Computed(new Expression("a.b", at(5, 10))));
        assertThat(with("'${{a.b}}'"))
                .isEqualTo(new Template.Computed(new Expression("a.b", at(5, 10))));
        assertThat(with("|\n    ${{\n      a.b }}\n"))
                .isEqualTo(new Template.Computed(new Expression("a.b", at(7, 7))));
        assertThat(with(">-\n    ${{ a.b\n      + 1 }}\n"))
                .isEqualTo(new Template.Computed(new Expression("a.b\n  + 1", at(6, 9))));
    }

    @Test
    void mixesTextAndExpressions() {
        assertThat(with("\"a ${{ b }}\\n${{ c }}\""))
                .isEqualTo(
                        new Template.Mixed(
                                List.of(
                                        new Part.Literal("a "),
                                        new Part.Inserted(new Expression("b", at(5, 13))),
                                        new Part.Literal("\n"),
                                        new Part.Inserted(new Expression("c", at(5, 23)))),
                                at(5, 6)));
        assertThat(with("|\n    #!/bin/sh\n    echo ${{ b }}\n"))
                .isEqualTo(
                        new Template.Mixed(
                                List.of(
                                        new Part.Literal("#!/bin/sh\necho "),
                                        new Part.Inserted(new Expression("b", at(7, 14))),
                                        new Part.Literal("\n")),
                                at(5, 6)));
    }

    @Test
    void foldsWhatIsConstant() {
        assertThat(with("{a: [1, b], c: {}}"))
                .isEqualTo(
                        new Template.Constant(
                                Value.of(
                                        Map.of(
                                                "a", Value.of(List.of(Value.of(1), Value.of("b"))),
                                                "c", Value.of(Map.of()))),
                                at(5, 6)));
        assertThat(with("$${{ a }}"))
                .isEqualTo(new Template.Constant(Value.of("${{ a }}"), at(5, 6)));
        assertThat(with("{a: 1, b: \"${{ c }}\"}"))
                .isInstanceOfSatisfying(
                        Template.Fields.class,
                        fields -> assertThat(fields.fields()).containsOnlyKeys("a", "b"));
    }

    @Test
    void stillKnowsTheScalarWhereAnOpeningIsEscaped() {
        assertThat(with("\"x \\x24{{ b }}\""))
                .isInstanceOfSatisfying(
                        Template.Mixed.class,
                        mixed ->
                                assertThat(mixed.expressions())
                                        .containsExactly(new Expression("b", at(5, 6))));
    }

    @Test
    void findsTheProblemsOfExpressions() {
        String yaml =
                """
                kind: Cluster
                name: c
                workflow: w
                with:
                  a: "${{ 'x }}"
                  b: ${{ }}
                  c: {"${{ k }}": 1}
                """;
        assertThat(problems(() -> load(yaml)))
                .containsExactly(
                        "c.yaml:5:11: expression.unterminated: the expression has no }} (close it,"
                                + " and the strings in it; $${{ writes a literal ${{)",
                        "c.yaml:6:10: expression.empty: the expression is empty",
                        "c.yaml:7:7: expression.not-here: an expression cannot stand in a key"
                                + " ($${{ writes a literal ${{)");
    }

    @Test
    void saysWhereMachinesCanComeFrom() {
        String head = "kind: Cluster\nname: c\nworkflow: w\ngroups:\n";
        assertThat(
                        problems(() ->
                                load(head + "  a: {count: 3}\n  b: {provider: local}\n  c: {}\n")))
                .hasSize(3)
                .allMatch(line -> line.contains("yaml.missing-key"))
                .allMatch(line -> line.contains("write {count: 3, provider: local}"));
        assertThat(problems(() -> load(head + "  a: {count: 3, provider: x, machines: [m]}\n")))
                .singleElement()
                .asString()
                .startsWith("c.yaml:5:3: cluster.group-source: ");
        assertThat(problems(() -> load(head + "  a: {count: -1, provider: Local}\n"))).hasSize(2);
        assertThat(problems(() -> load(head + "  a: {machines: [m, m, M]}\n"))).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithPlaces() {
        String head = "kind: Cluster\nname: c\nworkflow: w\ngroups:\n  g: {count: 2, ";
        assertThat(problems(() -> load(head + "place: [{provider: aws, weigth: 2}]}")))
                .containsExactly(
                        "c.yaml:5:41: yaml.unknown-key: unknown key weigth (did you mean weight?)");
        assertThat(problems(() -> load(head + "place: [{provider: aws, weight: 0}]}")))
                .containsExactly("c.yaml:5:49: yaml.bad-value: 0 is not within 1 and 1000");
        assertThat(problems(() -> load(head + "place: [{provider: a}, {provider: a, most: 1}]}")))
                .containsExactly(
                        "c.yaml:5:40: yaml.bad-value: this place, a, stands in the list twice"
                                + " (places differ in their provider or in what it is asked for)");
        assertThat(problems(() -> load(head + "prefer: cheapest, provider: a}")))
                .containsExactly(
                        "c.yaml:5:3: cluster.group-source: a group with places says in each of them"
                                + " who makes its machines, and of what (move `provider` and"
                                + " `machine` into `place`)",
                        "c.yaml:5:3: yaml.missing-key: the key place is missing (write {count: 3,"
                                + " place: [{provider: aws}, {provider: gce}]})");
        assertThat(problems(() -> load(head + "place: [{provider: a}], on_quota: nxt}")))
                .singleElement()
                .asString()
                .contains("yaml.bad-value")
                .contains("did you mean next?");
    }

    @Test
    void loadsSeveralClustersOfOneFile() {
        String other = Samples.CLUSTER.replace("name: demo", "name: other");
        assertThat(ClusterLoader.loadAll("c.yaml", Samples.CLUSTER + "---\n" + other))
                .extracting(ClusterSpec::name)
                .containsExactly("demo", "other");
        assertThat(
                        problems(() ->
                                ClusterLoader.loadAll(
                                        "c.yaml", Samples.CLUSTER + "---\n" + Samples.CLUSTER)))
                .singleElement()
                .asString()
                .contains("cluster.duplicate");
        assertThat(problems(() -> load(Samples.CLUSTER + "---\n" + other)))
                .singleElement()
                .asString()
                .contains("yaml.documents");
    }

    @Test
    void loadsProfiles() {
        assertThat(ProfileLoader.loadAll("p.yaml", Samples.PROFILE))
                .singleElement()
                .satisfies(profile -> {
                    assertThat(profile.name()).isEqualTo("small");
                    assertThat(profile.values().fields().keySet())
                            .containsExactly("client_port", "tags", "none");
                });
        String second = Samples.PROFILE.replace("name: small", "name: large");
        assertThat(ProfileLoader.loadAll("p.yaml", Samples.PROFILE + "---\n" + second))
                .extracting(Profile::name)
                .containsExactly("small", "large");
        String computed = Samples.PROFILE.replace("2379", "\"${{ 1 }}\"");
        assertThat(problems(() -> ProfileLoader.loadAll("p.yaml", computed)))
                .singleElement()
                .asString()
                .contains("expression.not-here");
    }
}
