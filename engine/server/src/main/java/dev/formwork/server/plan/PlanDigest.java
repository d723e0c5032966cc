package dev.formwork.server.plan;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.RunRecord;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Names a plan by its content and by what it was made after: the cluster's last run, as it stood.
/// So an equal plan made after another run has another digest, which makes "applies once" and "has
/// moved since" one comparison. Secrets enter by a keyed MAC. Thread-safe if the MAC is.
final class PlanDigest {
    private final UnaryOperator<byte[]> mac;

    PlanDigest(UnaryOperator<byte[]> mac) {
        this.mac = mac;
    }

    /// @param last the cluster's last run
    String of(Plan plan, Optional<RunRecord> last) {
        Writer out = new Writer();
        out.line("plan 1");
        out.line(last.map(PlanDigest::standing).orElse("first"));
        out.line(plan.cluster());
        out.line(plan.kind().name());
        Plan.Source source = plan.source();
        out.line(hex(mac.apply(source.clusterYaml().getBytes(StandardCharsets.UTF_8))));
        out.line(source.modules().size() + "");
        source.modules().forEach(lock -> out.line(lock(lock)));
        source.profiles().forEach((name, digest) -> out.line("profile " + name + " " + digest));
        Pinned pinned = source.pinned();
        pinned.clusterOutputs()
                .forEach((name, value) -> out.line("output " + name + " " + json(value)));
        pinned.defaults().forEach((name, value) -> out.line("default " + name + " " + json(value)));
        pinned.machines()
                .forEach((name, values) -> out.line("params " + name + " " + json(values)));
        plan.members().forEach(member -> out.line("member " + member));
        plan.nodes().forEach(node -> node(node, out));
        out.line("forget " + join(plan.forget()));
        plan.placing().choices().forEach((name, places) -> out.line(name + " " + places));
        plan.placing()
                .fromPools()
                .forEach((name, making) ->
                        out.line(
                                "made "
                                        + name
                                        + making.map(it ->
                                                        " "
                                                                + it.provider()
                                                                + " "
                                                                + json(it.machine())
                                                                + " "
                                                                + it.perHour())
                                                .orElse("")));
        plan.placing().cost().ifPresent(cost -> out.line("cost " + cost));
        return "sha256:" + hex(out.digest.digest());
    }

    private static void node(PlannedNode node, Writer out) {
        out.line("node " + node.key());
        out.line(node.action() + " " + node.decision() + " " + node.effects());
        out.line(node.reason());
        out.line(join(node.after()));
        out.line(join(node.afterSettled()));
        out.line(node.module().map(PlanDigest::lock).orElse("-"));
        out.line(node.incarnation().orElse("-"));
        out.line(
                node.expected()
                        .map(fingerprint -> fingerprint.code() + " " + fingerprint.inputs())
                        .orElse("-"));
        node.turn().ifPresent(turn -> out.line("turn " + turn));
    }

    private static String standing(RunRecord run) {
        return run.id() + " " + run.state() + " " + run.endedAt().map(Object::toString).orElse("");
    }

    private static String lock(LoadedModule.Lock lock) {
        return lock.name() + " " + lock.version() + " " + lock.digest();
    }

    private String json(Value value) {
        return ValueJson.write(
                value,
                secret ->
                        Value.of(
                                "mac:"
                                        + hex(
                                                mac.apply(
                                                        ValueJson.write(secret.revealed())
                                                                .getBytes(
                                                                        StandardCharsets.UTF_8)))));
    }

    private static String join(Collection<?> keys) {
        return String.join(" ", keys.stream().map(Object::toString).toList());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static final class Writer {
        private final MessageDigest digest;

        Writer() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /// With its length, so that no text can pass for two.
        void line(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
    }
}
