package dev.formwork.provider.bmc;

import dev.formwork.provider.Selection;
import dev.formwork.provider.Settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        return Selection.of(
                spec,
                "node",
                nodes,
                each -> each.node().groups(),
                each -> each.node().labels(),
                "see the provider's nodes");
    }

    void close() {
        nodes.values().forEach(each -> each.controller().close());
    }
}
