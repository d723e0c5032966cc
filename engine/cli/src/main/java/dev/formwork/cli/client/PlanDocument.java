package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A plan as the engine answers it.
///
/// @param kind `apply`, `destroy`, `module`
/// @param cost of the cluster's machines, where the engine knows prices
/// @param nodes each after those it waits for
/// @param drift what was found to be other than recorded, in words
/// @param approvedUntil of the approval, if there is one
/// @param json the whole answer
public record PlanDocument(
        String digest,
        String cluster,
        String kind,
        Summary summary,
        Optional<Cost> cost,
        List<Member> members,
        List<Node> nodes,
        List<String> forget,
        List<String> drift,
        Optional<Instant> approvedUntil,
        Value.Struct json) {

    /// @param effects by effect, such as `reboot`
    public record Summary(
            int run,
            int mayRun,
            int unchanged,
            int undo,
            int create,
            int remove,
            int allocate,
            int release,
            boolean empty,
            Map<String, Count> effects) {
        public Summary {
            effects = Collections.unmodifiableSortedMap(new TreeMap<>(effects));
        }
    }

    public record Count(int certain, int possible) {}

    /// @param places where it is made, then where it may be made when a place is out of quota; of
    ///   one that is taken from a pool, where the pool may have one made; empty where the provider
    ///   says all
    public record Member(
            String group, String name, String role, Optional<String> provider, List<Place> places) {
        public Member(String group, String name, String role, Optional<String> provider) {
            this(group, name, role, provider, List.of());
        }
    }

    /// @param place its number in the group, from 0
    /// @param perHour the price of a machine there, if it is known
    public record Place(int place, String provider, Optional<BigDecimal> perHour) {}

    /// @param was those that are there
    /// @param then those that are there afterwards
    /// @param most as `then`, with each machine in the dearest of its places
    public record Cost(String currency, Sum was, Sum then, Sum most) {}

    /// @param unpriced how many of the machines have no known price
    public record Sum(BigDecimal perHour, int machines, int unpriced) {}

    /// @param key `step[item]@machine`
    /// @param action `create`, `allocate`, `boot`, `step`, `undo`, `remove`, `release`
    /// @param decision `will_run`, `may_run`, `unchanged`, `skipped`
    /// @param module name and version, of a step
    public record Node(
            String key,
            String action,
            String decision,
            String reason,
            List<String> effects,
            Optional<String> machine,
            Optional<String> module) {
        /// The step's path: the key without item and machine.
        public String step() {
            return NodeName.step(key);
        }
    }

    /// Machines that their pools may have to make, as none is free.
    public int mayBeMadeByPools() {
        List<String> taken =
                nodes.stream()
                        .filter(node -> node.action().equals("allocate"))
                        .flatMap(node -> node.machine().stream())
                        .toList();
        return (int)
                members.stream()
                        .filter(member -> !member.places().isEmpty())
                        .filter(member -> taken.contains(member.name()))
                        .count();
    }

    static PlanDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new PlanDocument(
                fields.text("digest"),
                fields.text("cluster"),
                fields.text("kind"),
                summary(Fields.of(fields.struct("summary"))),
                fields.fields("cost").map(PlanDocument::cost),
                fields.list("members", PlanDocument::member),
                fields.list("nodes", PlanDocument::node),
                fields.texts("forget"),
                fields.texts("drift"),
                fields.fields("approval").flatMap(approval -> approval.time("expires_at")),
                fields.json());
    }

    private static Summary summary(Fields fields) {
        Map<String, Count> effects = new TreeMap<>();
        fields.struct("effects")
                .fields()
                .forEach((effect, value) -> {
                    Fields count = Fields.of(value);
                    effects.put(
                            effect, new Count(count.number("certain"), count.number("possible")));
                });
        return new Summary(
                fields.number("run"),
                fields.number("may_run"),
                fields.number("unchanged"),
                fields.number("undo"),
                fields.number("create"),
                fields.number("remove"),
                fields.number("allocate"),
                fields.number("release"),
                fields.flag("empty"),
                effects);
    }

    private static Member member(Fields fields) {
        return new Member(
                fields.text("group"),
                fields.text("name"),
                fields.text("role"),
                fields.optional("provider"),
                fields.list("places", PlanDocument::place));
    }

    private static Place place(Fields fields) {
        return new Place(
                fields.number("place"),
                fields.text("provider"),
                fields.optional("per_hour").map(BigDecimal::new));
    }

    private static Cost cost(Fields fields) {
        return new Cost(
                fields.text("currency"),
                sum(Fields.of(fields.struct("was"))),
                sum(Fields.of(fields.struct("then"))),
                sum(Fields.of(fields.struct("most"))));
    }

    private static Sum sum(Fields fields) {
        return new Sum(
                new BigDecimal(fields.text("per_hour")),
                fields.number("machines"),
                fields.number("unpriced"));
    }

    private static Node node(Fields fields) {
        return new Node(
                fields.text("key"),
                fields.text("action"),
                fields.text("decision"),
                fields.optional("reason").orElse(""),
                new ArrayList<>(fields.texts("effects")),
                fields.optional("machine"),
                fields.fields("module")
                        .map(module -> module.text("name") + " " + module.text("version")));
    }
}
