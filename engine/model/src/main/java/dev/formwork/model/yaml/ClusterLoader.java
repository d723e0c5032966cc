package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.ClusterSpec.Group;
import dev.formwork.model.module.ClusterSpec.Members;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Loads what a user declares: `kind: Cluster`.
public final class ClusterLoader {
    private static final int MOST_MACHINES = 1_000_000;

    private ClusterLoader() {}

    /// Loads a file that holds one cluster.
    ///
    /// @param file as problems are to name it
    /// @throws ProblemException with every problem of the file: `yaml.*`, `expression.*`,
    ///   `cluster.*`
    public static ClusterSpec load(String file, String text) {
        return Documents.one(file, text, ClusterLoader::decode);
    }

    /// As [#load(String, String)], from UTF-8.
    public static ClusterSpec load(String file, byte[] content) {
        return load(file, YamlReader.decode(file, content));
    }

    /// Loads a file that holds one cluster or several, each a YAML document: layers that belong
    /// together.
    ///
    /// @throws ProblemException as [#load(String, String)]; two clusters of one name are
    ///   `cluster.duplicate`
    public static List<ClusterSpec> loadAll(String file, String text) {
        Set<String> names = new HashSet<>();
        return Documents.all(
                file,
                text,
                (document, context) -> {
                    Optional<ClusterSpec> cluster = decode(document, context);
                    cluster.filter(spec -> !names.add(spec.name()))
                            .ifPresent(spec ->
                                    context.report(
                                            spec.location(),
                                            "cluster.duplicate",
                                            "a second cluster " + Names.abbreviate(spec.name()),
                                            null));
                    return cluster;
                });
    }

    private static Optional<ClusterSpec> decode(Marked document, Decoding context) {
        return Kinds.of(document, List.of("Cluster"), context)
                .map(_ -> cluster(Fields.open(document, Shape.CLUSTER, context), context));
    }

    private static ClusterSpec cluster(Fields fields, Decoding context) {
        return new ClusterSpec(
                fields.name("name", NameRule.LABEL),
                fields.name("workflow", NameRule.MODULE),
                fields.map(
                                "groups",
                                node ->
                                        context.map(
                                                node,
                                                NameRule.IDENTIFIER,
                                                entry -> group(entry, context)))
                        .orElse(Map.of()),
                profiles(fields, context),
                fields.map("bind", context::bindings).orElse(Map.of()),
                with(fields, context),
                fields.at());
    }

    private static Map<String, Template> with(Fields fields, Decoding context) {
        Templates templates = new Templates(context);
        return fields.map(
                        "with",
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry -> templates.template(entry.value())))
                .orElse(Map.of());
    }

    private static List<String> profiles(Fields fields, Decoding context) {
        return fields.map("profiles", node -> List.copyOf(context.names(node, NameRule.LABEL)))
                .orElse(List.of());
    }

    private static Group group(Marked.Entry entry, Decoding context) {
        Fields fields = Fields.open(entry.value(), Shape.GROUP, context);
        return new Group(
                entry.key(),
                members(fields, entry, context),
                profiles(fields, context),
                fields.map("bind", context::bindings).orElse(Map.of()),
                with(fields, context),
                entry.at());
    }

    private static Members members(Fields fields, Marked.Entry entry, Decoding context) {
        if (fields.has("place") || fields.has("on_quota") || fields.has("prefer")) {
            return new PlaceDecoder(context).placed(fields, entry, MOST_MACHINES);
        }
        if (fields.has("pool") || fields.has("where")) {
            return pooled(fields, entry, context);
        }
        boolean made = fields.has("count") || fields.has("provider") || fields.has("machine");
        if (fields.has("machines")) {
            if (made) {
                context.report(
                        entry.at(),
                        "cluster.group-source",
                        "a group is either made (count, provider) or named (machines)",
                        "leave one of them out");
            }
            return new Members.Named(
                    List.copyOf(
                            fields.map("machines", node -> context.names(node, NameRule.LABEL))
                                    .orElse(Set.of())));
        }
        if (!fields.has("count") || !fields.has("provider")) {
            context.report(
                    entry.at(),
                    "yaml.missing-key",
                    "the group does not say where its machines come from",
                    "write {count: 3, provider: local}, {count: 3, pool: metal},"
                            + " or {machines: [a, b]}");
        }
        return new Members.Made(
                fields.map("count", node -> context.integer(node, 0, MOST_MACHINES)).orElse(0),
                fields.name("provider", NameRule.LABEL),
                fields.map("machine", node -> new Templates(context).struct(node, "`machine`"))
                        .orElse(Value.Struct.EMPTY));
    }

    private static Members pooled(Fields fields, Marked.Entry entry, Decoding context) {
        if (fields.has("provider") || fields.has("machine") || fields.has("machines")) {
            context.report(
                    entry.at(),
                    "cluster.group-source",
                    "a group that takes from a pool has no machines of its own",
                    "what the pool makes is said in the pool");
        }
        for (String key : List.of("count", "pool")) {
            if (!fields.has(key)) {
                context.report(
                        entry.at(),
                        "yaml.missing-key",
                        "the key " + key + " is missing",
                        "write {count: 3, pool: metal}");
            }
        }
        return new Members.Pooled(
                fields.map("count", node -> context.integer(node, 0, MOST_MACHINES)).orElse(0),
                fields.name("pool", NameRule.LABEL),
                fields.map("where", new Templates(context)::expression));
    }
}
