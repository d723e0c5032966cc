package dev.formwork.provider.ssh.inventory;

import dev.formwork.model.Location;
import dev.formwork.model.Problems;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The groups and hosts of an Ansible inventory as they are written, and what follows from them: to
/// which groups a host belongs, and which of a variable's values counts. Not thread-safe.
///
/// As with Ansible ("How variables are merged"): a host's own value, then that of the group that is
/// deeper below `all`, then of the one whose name comes later.
final class InventoryGraph {
    static final String ALL = "all";
    static final String UNGROUPED = "ungrouped";

    /// A variable's value and where it is written.
    record Setting(String value, Location at) {}

    private static final class Group {
        private final Set<String> children = new LinkedHashSet<>();
        private final Set<String> hosts = new LinkedHashSet<>();
        private final Map<String, Setting> variables = new LinkedHashMap<>();
    }

    /// A host, where it is written first, and what is said of it wherever it is written.
    private record Written(Location at, Map<String, Setting> variables) {}

    private final Map<String, Group> groups = new TreeMap<>();
    private final Map<String, Written> hosts = new LinkedHashMap<>();
    private final Map<String, Location> groupSeen = new HashMap<>();
    private final Problems problems;

    InventoryGraph(Problems problems) {
        this.problems = problems;
        groups.put(ALL, new Group());
        groups.put(UNGROUPED, new Group());
    }

    void wrong(@Nullable Location at, String detail, String hint) {
        problems.add(at, ProviderCode.INVALID_CONFIG.code(), detail, hint);
    }

    void group(String name, Location at) {
        at(name, at);
    }

    private Group at(String name, Location at) {
        groupSeen.putIfAbsent(name, at);
        return groups.computeIfAbsent(name, _ -> new Group());
    }

    void child(String parent, String child, Location at) {
        group(child, at);
        at(parent, at).children.add(child);
    }

    void host(String group, String host, Map<String, Setting> variables, Location at) {
        at(group, at).hosts.add(host);
        hosts.computeIfAbsent(host, _ -> new Written(at, new LinkedHashMap<>()))
                .variables()
                .putAll(variables);
    }

    void variable(String group, String name, Setting setting) {
        at(group, setting.at()).variables.put(name, setting);
    }

    /// A host with all that holds for it.
    record Resolved(String name, Location at, Set<String> groups, Map<String, Setting> variables) {}

    /// Every host; none where the groups are no tree downwards.
    List<Resolved> resolve() {
        Map<String, Integer> depths = new HashMap<>();
        depths.put(ALL, 0);
        for (String group : groups.keySet()) {
            if (!group.equals(ALL)) {
                depth(group, depths, new LinkedHashSet<>());
            }
        }
        if (!problems.isEmpty()) {
            return List.of();
        }
        Map<String, Set<String>> parents = new HashMap<>();
        groups.forEach((parent, group) ->
                group.children.forEach(
                        child -> parents.computeIfAbsent(child, _ -> new TreeSet<>()).add(parent)));
        List<Resolved> resolved = new ArrayList<>();
        // Whoever comes later in this order overrides.
        List<Map.Entry<String, Group>> byDepth =
                groups.entrySet().stream()
                        .sorted(
                                Comparator.comparing((Map.Entry<String, Group> group) ->
                                                depths.getOrDefault(group.getKey(), 1))
                                        .thenComparing(Map.Entry::getKey))
                        .toList();
        hosts.forEach((host, written) -> {
            Set<String> in = new TreeSet<>();
            groups.forEach((name, group) -> {
                if (group.hosts.contains(host)) {
                    addWithParents(name, parents, in);
                }
            });
            in.add(ALL);
            if (in.size() == 1) {
                in.add(UNGROUPED);
            }
            Map<String, Setting> merged = new TreeMap<>();
            for (Map.Entry<String, Group> group : byDepth) {
                if (in.contains(group.getKey())) {
                    merged.putAll(group.getValue().variables);
                }
            }
            merged.putAll(written.variables());
            resolved.add(new Resolved(host, written.at(), in, merged));
        });
        return resolved;
    }

    private static void addWithParents(
            String group, Map<String, Set<String>> parents, Set<String> in) {
        if (in.add(group)) {
            parents.getOrDefault(group, Set.of())
                    .forEach(parent -> addWithParents(parent, parents, in));
        }
    }

    /// How far below `all`: one more than the deepest of its parents.
    private int depth(String group, Map<String, Integer> depths, Set<String> below) {
        Integer known = depths.get(group);
        if (known != null) {
            return known;
        }
        if (!below.add(group)) {
            wrong(groupSeen.get(group), "group %s is below itself".formatted(group), "take it out");
            return 0;
        }
        int deepest = 0;
        for (Map.Entry<String, Group> parent : groups.entrySet()) {
            if (parent.getValue().children.contains(group)) {
                deepest = Math.max(deepest, depth(parent.getKey(), depths, below));
            }
        }
        below.remove(group);
        depths.put(group, deepest + 1);
        return deepest + 1;
    }
}
