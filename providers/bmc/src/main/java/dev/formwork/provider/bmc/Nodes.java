package dev.formwork.provider.bmc;

import dev.formwork.model.Names;
import dev.formwork.provider.Settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The nodes of a provider, by name. Immutable.
public final class Nodes {
    private final Map<String, ManagedNode> nodes;

    Nodes(Map<String, ManagedNode> nodes) {
        this.nodes = new LinkedHashMap<>(nodes);
    }

    public Optional<ManagedNode> find(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public Collection<ManagedNode> all() {
        return List.copyOf(nodes.values());
    }

    /// Those that a group's `spec` chooses, by `nodes`, `group` and `labels`: all of them must
    /// agree; where none is there, every node does.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    public List<ManagedNode> choose(Settings spec) {
        List<String> names = spec.texts("nodes", List.of());
        Optional<String> group = spec.text("group");
        Map<String, String> labels = spec.labels("labels");
        for (String name : names) {
            if (!nodes.containsKey(name)) {
                spec.refuse(
                        "nodes",
                        "there is no node " + Names.abbreviate(name),
                        near(name, nodes.keySet()));
            }
        }
        Set<String> groups =
                nodes.values().stream()
                        .flatMap(each -> each.node().groups().stream())
                        .collect(Collectors.toSet());
        group.filter(name -> !groups.contains(name))
                .ifPresent(name ->
                        spec.refuse(
                                "group",
                                "there is no group " + Names.abbreviate(name),
                                near(name, groups)));
        spec.finish();
        return nodes.values().stream()
                .filter(each -> names.isEmpty() || names.contains(each.name()))
                .filter(each -> group.isEmpty() || each.node().groups().contains(group.get()))
                .filter(each -> each.node().labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    void close() {
        nodes.values().forEach(each -> each.controller().close());
    }

    private static String near(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map("did you mean %s?"::formatted)
                .orElse("see the provider's nodes");
    }
}
