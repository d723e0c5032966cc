package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

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
/// @param nodes each after those it waits for
/// @param drift what was found to be other than recorded, in words
/// @param approvedUntil of the approval, if there is one
/// @param json the whole answer
public record PlanDocument(
        String digest,
        String cluster,
        String kind,
        Summary summary,
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

    public record Member(String group, String name, String role, Optional<String> provider) {}

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

    static PlanDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new PlanDocument(
                fields.text("digest"),
                fields.text("cluster"),
                fields.text("kind"),
                summary(Fields.of(fields.struct("summary"))),
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
                fields.optional("provider"));
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
