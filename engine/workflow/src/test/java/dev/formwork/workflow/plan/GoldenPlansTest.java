package dev.formwork.workflow.plan;

import static dev.formwork.workflow.plan.GoldenCase.list;
import static dev.formwork.workflow.plan.GoldenCase.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.placement.Cost;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs every file under `golden/`: what is recorded, what changes, and the plan that must come of
/// it. The format is described in `golden/README.md`.
class GoldenPlansTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void thereAreAtLeastFortyCases() {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(40);
    }

    @TestFactory
    Stream<DynamicTest> goldenPlans() {
        return files().stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                file.getFileName().toString(), file.toUri(), () -> check(file)));
    }

    private static List<Path> files() {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(Path file) throws IOException {
        Map<String, Object> definition = map(read(file));
        List<Object> library = list(read(GOLDEN.resolve("library/modules.yaml")));
        GoldenCase golden = new GoldenCase(library, definition);
        List<Object> steps = list(definition.get("steps"));
        if (steps.isEmpty()) {
            steps = List.of(Map.of());
        }
        for (Object step : steps.subList(0, steps.size() - 1)) {
            Map<String, Object> before = map(step);
            golden.change(before);
            Set<String> fail = new HashSet<>();
            list(before.get("fail")).forEach(key -> fail.add((String) key));
            golden.apply(golden.plan(), map(before.get("outputs")), fail);
        }
        golden.change(map(steps.getLast()));
        Map<String, Object> expected = map(definition.get("expect"));
        if (expected.containsKey("problem")) {
            expectProblem(golden, map(expected.get("problem")));
        } else {
            expectPlan(golden.plan(), expected);
            expectChecks(golden, expected);
        }
    }

    /// YAML 1.1, as this reader knows it, takes the key `on` for a boolean.
    private static Object read(Path file) throws IOException {
        return withOn(new Yaml().load(Files.readString(file)));
    }

    private static Object withOn(Object plain) {
        if (plain instanceof List<?> items) {
            return items.stream().map(item -> item == null ? Map.of() : withOn(item)).toList();
        }
        if (!(plain instanceof Map<?, ?> fields)) {
            return plain;
        }
        Map<Object, Object> named = new LinkedHashMap<>();
        fields.forEach((key, value) ->
                named.put(
                        Boolean.TRUE.equals(key) ? "on" : key,
                        value == null ? null : withOn(value)));
        return named;
    }

    private static void expectProblem(GoldenCase golden, Map<String, Object> expected) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, golden::plan);
        assertThat(thrown).as("the problem that planning finds").isNotNull();
        assertThat(thrown.problems())
                .extracting(Problem::code)
                .contains((String) expected.get("code"));
        if (expected.containsKey("contains")) {
            assertThat(thrown).hasMessageContaining((String) expected.get("contains"));
        }
    }

    private static void expectPlan(Plan plan, Map<String, Object> expected) {
        Map<String, String> decisions = new TreeMap<>();
        Map<String, String> reasons = new TreeMap<>();
        for (PlannedNode node : plan.nodes()) {
            if (node.action() != Action.GATE) {
                decisions.put(
                        node.key().toString(), node.decision().name().toLowerCase(Locale.ROOT));
                reasons.put(node.key().toString(), node.reason());
            }
        }
        Map<String, String> wanted = new TreeMap<>();
        Map<String, String> wantedReasons = new TreeMap<>();
        map(expected.get("nodes"))
                .forEach((key, said) -> {
                    String text = (String) said;
                    int colon = text.indexOf(": ");
                    wanted.put(key, colon < 0 ? text : text.substring(0, colon));
                    if (colon >= 0) {
                        wantedReasons.put(key, text.substring(colon + 2));
                    }
                });
        assertThat(decisions).as("nodes and decisions").isEqualTo(wanted);
        assertThat(reasons).as("reasons").containsAllEntriesOf(wantedReasons);
        if (expected.containsKey("summary")) {
            assertThat(summary(plan)).isEqualTo(new TreeMap<>(map(expected.get("summary"))));
        }
        if (expected.containsKey("places")) {
            assertThat(places(plan)).isEqualTo(new TreeMap<>(map(expected.get("places"))));
        }
        if (expected.containsKey("cost")) {
            assertThat(plan.placing().cost().map(GoldenPlansTest::words).orElse("unknown"))
                    .isEqualTo(expected.get("cost"));
        }
        if (expected.containsKey("forget")) {
            assertThat(plan.forget().stream().map(NodeKey::toString).toList())
                    .containsExactlyInAnyOrderElementsOf(
                            list(expected.get("forget")).stream().map(String.class::cast).toList());
        }
        Ancestry ancestry = Ancestry.of(plan);
        for (Object chain : list(expected.get("order"))) {
            expectChain(chain, ancestry.needed(), "what %s needs to end well");
        }
        for (Object chain : list(expected.get("ended"))) {
            expectChain(chain, ancestry.awaited(), "what %s waits for, however it ends");
        }
        Map<String, Set<String>> before = ancestry.before();
        for (Object pair : list(expected.get("unordered"))) {
            String a = (String) list(pair).get(0);
            String b = (String) list(pair).get(1);
            assertThat(before.get(a)).as("what comes before %s", a).isNotNull().doesNotContain(b);
            assertThat(before.get(b)).as("what comes before %s", b).isNotNull().doesNotContain(a);
        }
        if (expected.containsKey("turns")) {
            assertThat(turns(plan)).isEqualTo(new TreeMap<>(map(expected.get("turns"))));
        }
    }

    /// Where each machine that is made may be made, with its price.
    private static Map<String, Object> places(Plan plan) {
        Map<String, Object> places = new TreeMap<>();
        plan.placing()
                .choices()
                .forEach((machine, choices) ->
                        places.put(
                                machine,
                                choices.stream()
                                        .map(choice ->
                                                choice.provider()
                                                        + choice.perHour()
                                                                .map(price -> " " + price)
                                                                .orElse(""))
                                        .collect(Collectors.joining(", "))));
        return places;
    }

    private static String words(Cost cost) {
        return "%s: was %s, then %s, most %s"
                .formatted(
                        cost.currency(), words(cost.was()), words(cost.then()), words(cost.most()));
    }

    private static String words(Cost.Sum sum) {
        return sum.perHour()
                + " for "
                + sum.machines()
                + (sum.unpriced() == 0 ? "" : " and " + sum.unpriced() + " unknown");
    }

    private static void expectChain(
            Object chain, Map<String, Set<String>> before, String description) {
        List<Object> nodes = list(chain);
        for (int i = 1; i < nodes.size(); i++) {
            String node = (String) nodes.get(i);
            assertThat(before.get(node))
                    .as(description, node)
                    .isNotNull()
                    .contains((String) nodes.get(i - 1));
        }
    }

    /// Of each step that takes turns.
    private static Map<String, Object> turns(Plan plan) {
        Map<String, Object> turns = new TreeMap<>();
        for (PlannedNode node : plan.nodes()) {
            node.turn()
                    .ifPresent(turn ->
                            turns.put(
                                    turn.step(),
                                    Map.of(
                                            "max_parallel", turn.maxParallel(),
                                            "max_failures", turn.maxFailures())));
        }
        return turns;
    }

    private static void expectChecks(GoldenCase golden, Map<String, Object> expected) {
        if (expected.containsKey("checks")) {
            assertThat(golden.checksWanted())
                    .containsExactlyInAnyOrderElementsOf(
                            list(expected.get("checks")).stream().map(String.class::cast).toList());
        }
    }

    private static Map<String, Object> summary(Plan plan) {
        Plan.Summary summary = plan.summary();
        Map<String, Object> fields = new TreeMap<>();
        fields.put("run", summary.run());
        fields.put("may_run", summary.mayRun());
        fields.put("unchanged", summary.unchanged());
        fields.put("undo", summary.undo());
        fields.put("create", summary.create());
        fields.put("remove", summary.remove());
        if (summary.allocate() + summary.release() > 0) {
            fields.put("allocate", summary.allocate());
            fields.put("release", summary.release());
        }
        Map<String, Object> effects = new TreeMap<>();
        summary.effects()
                .forEach((effect, count) ->
                        effects.put(effect.word(), List.of(count.certain(), count.possible())));
        fields.put("effects", effects);
        return fields;
    }

    /// What comes before each node, however far back.
    ///
    /// @param before all of it
    /// @param needed what has to end well, or the node can't run
    private record Ancestry(Map<String, Set<String>> before, Map<String, Set<String>> needed) {
        static Ancestry of(Plan plan) {
            Map<String, Set<String>> all = new HashMap<>();
            Map<String, Set<String>> well = new HashMap<>();
            for (PlannedNode node : plan.nodes()) {
                Set<String> after = keys(node.after());
                well.put(node.key().toString(), after);
                Set<String> either = keys(node.afterSettled());
                either.addAll(after);
                all.put(node.key().toString(), either);
            }
            return new Ancestry(closed(all), closed(well));
        }

        /// What only has to end, in whatever way.
        Map<String, Set<String>> awaited() {
            Map<String, Set<String>> awaited = new HashMap<>();
            before.forEach((node, all) -> {
                Set<String> rest = new HashSet<>(all);
                rest.removeAll(needed.getOrDefault(node, Set.of()));
                awaited.put(node, rest);
            });
            return awaited;
        }

        private static Set<String> keys(Set<NodeKey> nodes) {
            Set<String> keys = new HashSet<>();
            nodes.forEach(node -> keys.add(node.toString()));
            return keys;
        }

        private static Map<String, Set<String>> closed(Map<String, Set<String>> direct) {
            Map<String, Set<String>> all = new HashMap<>();
            direct.keySet()
                    .forEach(key -> {
                        Set<String> found = new HashSet<>();
                        Deque<String> open = new ArrayDeque<>(List.of(key));
                        while (!open.isEmpty()) {
                            for (String next : direct.getOrDefault(open.pop(), Set.of())) {
                                if (found.add(next)) {
                                    open.push(next);
                                }
                            }
                        }
                        all.put(key, found);
                    });
            return all;
        }
    }
}
