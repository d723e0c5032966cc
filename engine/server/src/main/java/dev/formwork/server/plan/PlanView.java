package dev.formwork.server.plan;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Cost;
import dev.formwork.workflow.placement.Making;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.store.Approval;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// `Plan` of the API.
record PlanView(
        String digest,
        String cluster,
        String kind,
        Summary summary,
        Optional<CostView> cost,
        List<MemberView> members,
        List<NodeView> nodes,
        List<LoadedModule.Lock> modules,
        List<String> forget,
        List<String> drift,
        Optional<ApprovalView> approval) {

    record Summary(
            int run,
            int mayRun,
            int unchanged,
            int undo,
            int create,
            int remove,
            int allocate,
            int release,
            boolean empty,
            SortedMap<String, Plan.Count> effects) {
        static Summary of(Plan.Summary summary) {
            TreeMap<String, Plan.Count> effects = new TreeMap<>();
            summary.effects().forEach((effect, count) -> effects.put(effect.word(), count));
            return new Summary(
                    summary.run(),
                    summary.mayRun(),
                    summary.unchanged(),
                    summary.undo(),
                    summary.create(),
                    summary.remove(),
                    summary.allocate(),
                    summary.release(),
                    summary.empty(),
                    effects);
        }
    }

    record MemberView(
            String group,
            int ordinal,
            String name,
            String role,
            Optional<String> machine,
            boolean gone,
            Optional<String> provider,
            Optional<String> pool,
            Optional<List<PlaceView>> places) {
        static MemberView of(Member member, Placing placing) {
            return new MemberView(
                    member.group(),
                    member.ordinal(),
                    member.name(),
                    word(member.role()),
                    member.machine().map(MachineId::value),
                    member.gone(),
                    member.provider(),
                    member.pool(),
                    Optional.of(places(member, placing)).filter(places -> !places.isEmpty()));
        }

        private static List<PlaceView> places(Member member, Placing placing) {
            if (!member.wanted()) {
                return List.of();
            }
            List<Choice> choices = placing.choices().getOrDefault(member.name(), List.of());
            return choices.isEmpty()
                    ? placing.making(member.name()).map(PlaceView::of).stream().toList()
                    : choices.stream().map(PlaceView::of).toList();
        }
    }

    record PlaceView(int place, String provider, Optional<String> perHour) {
        static PlaceView of(Making making) {
            return new PlaceView(
                    0, making.provider(), making.perHour().map(BigDecimal::toPlainString));
        }

        static PlaceView of(Choice choice) {
            return new PlaceView(
                    choice.place(),
                    choice.provider(),
                    choice.perHour().map(BigDecimal::toPlainString));
        }
    }

    record CostView(String currency, SumView was, SumView then, SumView most) {
        static CostView of(Cost cost) {
            return new CostView(
                    cost.currency(),
                    SumView.of(cost.was()),
                    SumView.of(cost.then()),
                    SumView.of(cost.most()));
        }
    }

    record SumView(String perHour, int machines, int unpriced) {
        static SumView of(Cost.Sum sum) {
            return new SumView(sum.perHour().toPlainString(), sum.machines(), sum.unpriced());
        }
    }

    record NodeView(
            String key,
            String action,
            String decision,
            String reason,
            List<String> effects,
            Collection<String> after,
            Optional<String> machine,
            Optional<LoadedModule.Lock> module) {
        static NodeView of(PlannedNode node, Collection<String> after) {
            return new NodeView(
                    node.key().toString(),
                    word(node.action()),
                    word(node.decision()),
                    node.reason(),
                    node.effects().stream().sorted().map(Effect::word).toList(),
                    after,
                    node.key().machine(),
                    node.module());
        }
    }

    record ApprovalView(
            String plan, String by, Instant at, Instant expiresAt, Optional<String> run) {
        static ApprovalView of(Approval approval) {
            return new ApprovalView(
                    approval.planDigest(),
                    approval.by(),
                    approval.at(),
                    approval.expiresAt(),
                    approval.usedBy().map(RunId::value));
        }
    }

    static PlanView of(MadePlan made) {
        Plan plan = made.plan();
        return new PlanView(
                made.digest(),
                plan.cluster(),
                word(plan.kind()),
                Summary.of(plan.summary()),
                plan.placing().cost().map(CostView::of),
                plan.members().stream()
                        .map(member -> MemberView.of(member, plan.placing()))
                        .toList(),
                nodes(plan),
                plan.source().modules(),
                plan.forget().stream().map(NodeKey::toString).toList(),
                made.drift(),
                made.approval().map(ApprovalView::of));
    }

    /// Gates join nodes so that the graph stays small; people see through them.
    private static List<NodeView> nodes(Plan plan) {
        Map<NodeKey, SortedSet<String>> throughGates = new HashMap<>();
        List<NodeView> views = new ArrayList<>();
        for (PlannedNode node : plan.nodes()) {
            SortedSet<String> after = new TreeSet<>();
            node.after().forEach(key -> see(key, throughGates, after));
            node.afterSettled().forEach(key -> see(key, throughGates, after));
            if (node.action() == Action.GATE) {
                throughGates.put(node.key(), after);
            } else {
                views.add(NodeView.of(node, after));
            }
        }
        return views;
    }

    private static void see(
            NodeKey key, Map<NodeKey, SortedSet<String>> throughGates, SortedSet<String> after) {
        SortedSet<String> behind = throughGates.get(key);
        if (behind == null) {
            after.add(key.toString());
        } else {
            after.addAll(behind);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
