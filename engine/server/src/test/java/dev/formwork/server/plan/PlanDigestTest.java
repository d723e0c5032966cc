package dev.formwork.server.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Cost;
import dev.formwork.workflow.placement.Making;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

class PlanDigestTest {
    private final PlanDigest digest =
            new PlanDigest(bytes -> new byte[] {(byte) Arrays.hashCode(bytes)});

    @Test
    void isTheSameForTheSamePlan() {
        assertThat(of(plan("reason", Set.of()), Optional.empty()))
                .isEqualTo(of(plan("reason", Set.of()), Optional.empty()))
                .matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void changesWithEverythingThatIsApproved() {
        String first = of(plan("reason", Set.of()), Optional.empty());

        assertThat(of(plan("another", Set.of()), Optional.empty())).isNotEqualTo(first);
        assertThat(of(plan("reason", Set.of(Effect.REBOOT)), Optional.empty())).isNotEqualTo(first);
    }

    @Test
    void changesWithTheRunThatCameBefore() {
        Plan plan = plan("reason", Set.of());
        String first = of(plan, Optional.empty());
        String open = of(plan, Optional.of(run("r-1", RunRecord.State.RUNNING)));
        String ended = of(plan, Optional.of(run("r-1", RunRecord.State.SUCCEEDED)));
        String later = of(plan, Optional.of(run("r-2", RunRecord.State.SUCCEEDED)));

        assertThat(List.of(first, open, ended, later)).doesNotHaveDuplicates();
    }

    @Test
    void knowsWhereATextEnds() {
        assertThat(of(plan("a\nb", Set.of()), Optional.empty()))
                .isNotEqualTo(of(plan("a", Set.of()), Optional.empty()));
    }

    @Test
    void changesWithWhereMachinesAreMadeAndWhatTheyCost() {
        Stream<Placing> all =
                Stream.of(
                        Placing.NONE,
                        chosen(new Choice(0, "aws", Optional.empty())),
                        chosen(new Choice(1, "aws", Optional.empty())),
                        chosen(new Choice(0, "gce", Optional.empty())),
                        chosen(new Choice(0, "aws", Optional.of(BigDecimal.ONE))),
                        made(Optional.empty()),
                        made(Optional.of(new Making("aws", size("big"), Optional.empty()))),
                        made(Optional.of(new Making("gce", size("big"), Optional.empty()))),
                        made(Optional.of(new Making("aws", size("small"), Optional.empty()))),
                        made(
                                Optional.of(
                                        new Making(
                                                "aws", size("big"), Optional.of(BigDecimal.ONE)))),
                        costing("1"),
                        costing("2"));
        assertThat(all.map(placing -> of(placed(placing), Optional.empty())))
                .hasSize(12)
                .doesNotHaveDuplicates();
    }

    private static Placing chosen(Choice choice) {
        return new Placing(
                new TreeMap<>(Map.of("demo-m-0", List.of(choice))),
                new TreeMap<>(),
                Optional.empty());
    }

    private static Placing made(Optional<Making> making) {
        return new Placing(
                new TreeMap<>(), new TreeMap<>(Map.of("demo-m-0", making)), Optional.empty());
    }

    private static Placing costing(String most) {
        Cost.Sum sum = new Cost.Sum(new BigDecimal(most), 1, 0);
        return new Placing(
                new TreeMap<>(),
                new TreeMap<>(),
                Optional.of(new Cost("EUR", Cost.Sum.NOTHING, Cost.Sum.NOTHING, sum)));
    }

    private static Value.Struct size(String size) {
        return Value.of(Map.of("size", new Value.Secret(Value.of(size))));
    }

    private static Plan placed(Placing placing) {
        Plan plan = plan("reason", Set.of());
        return new Plan(
                plan.cluster(),
                plan.kind(),
                plan.source(),
                plan.members(),
                plan.nodes(),
                plan.forget(),
                placing);
    }

    private String of(Plan plan, Optional<RunRecord> last) {
        return digest.of(plan, last);
    }

    private static Plan plan(String reason, Set<Effect> effects) {
        PlannedNode node =
                new PlannedNode(
                        NodeKey.of("step", "demo-members-0"),
                        Action.STEP,
                        Decision.WILL_RUN,
                        reason,
                        effects,
                        new TreeSet<>(),
                        new TreeSet<>(),
                        Optional.of(new LoadedModule.Lock("m", "1.0.0", "sha256:0")),
                        Optional.empty(),
                        Optional.empty());
        return new Plan(
                "demo",
                Plan.Kind.APPLY,
                new Plan.Source(
                        "kind: Cluster",
                        List.of(),
                        new TreeMap<>(),
                        new Pinned(
                                new TreeMap<>(Map.of("other.key", new Value.Secret(Value.of("x")))),
                                new TreeMap<>(),
                                new TreeMap<>())),
                List.of(),
                List.of(node),
                new TreeSet<>());
    }

    private static RunRecord run(String id, RunRecord.State state) {
        return new RunRecord(
                new RunId(id),
                "demo",
                Plan.Kind.APPLY,
                new TreeSet<>(Set.of(Shard.ofCluster("demo"))),
                "sha256:0",
                state,
                "somebody",
                RunRecord.Terms.STANDARD,
                !state.ended(),
                Optional.empty(),
                "",
                Optional.empty(),
                Instant.EPOCH,
                state.ended() ? Optional.of(Instant.EPOCH) : Optional.empty(),
                Epoch.FIRST);
    }
}
