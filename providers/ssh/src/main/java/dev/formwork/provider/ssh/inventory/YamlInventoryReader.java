package dev.formwork.provider.ssh.inventory;

import dev.formwork.model.Location;
import dev.formwork.provider.ssh.inventory.InventoryGraph.Setting;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.io.StringReader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads an Ansible inventory in its YAML form (`ansible.builtin.yaml`): groups with `hosts`,
/// `children` and `vars`. Tags, such as `!vault`, are refused; values of variables that are not
/// Ansible's own may have any shape, and count where they are scalar.
final class YamlInventoryReader {
    private static final int DEEPEST = 32;
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final String file;
    private final InventoryGraph graph;

    YamlInventoryReader(String file, InventoryGraph graph) {
        this.file = file;
        this.graph = graph;
    }

    void read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(DEEPEST);
        Node root;
        try {
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException wrong) {
            graph.wrong(
                    wrong.getProblemMark() == null
                            ? new Location(file, 1, 1)
                            : new Location(
                                    file,
                                    wrong.getProblemMark().getLine() + 1,
                                    wrong.getProblemMark().getColumn() + 1),
                    "not YAML: " + wrong.getProblem(),
                    "see the place");
            return;
        }
        if (root != null) {
            for (NodeTuple group : fields(root, "groups")) {
                group(null, group, 0);
            }
        }
    }

    private void group(@Nullable String parent, NodeTuple entry, int depth) {
        Location at = at(entry.getKeyNode());
        String name = text(entry.getKeyNode());
        if (name == null || !GROUP.matcher(name).matches() || depth > DEEPEST) {
            graph.wrong(at, "not a group", "letters, digits, _, . and -");
            return;
        }
        graph.group(name, at);
        if (parent != null && !parent.equals(InventoryGraph.ALL)) {
            graph.child(parent, name, at);
        }
        for (NodeTuple field : fields(entry.getValueNode(), "a group")) {
            String key = text(field.getKeyNode());
            switch (key) {
                case "hosts" -> hosts(name, field.getValueNode());
                case "children" -> {
                    for (NodeTuple child : fields(field.getValueNode(), "groups")) {
                        group(name, child, depth + 1);
                    }
                }
                case "vars" ->
                        variables(field.getValueNode())
                                .forEach((variable, setting) ->
                                        graph.variable(name, variable, setting));
                case null, default ->
                        graph.wrong(
                                at(field.getKeyNode()),
                                "unknown key %s of group %s".formatted(key, name),
                                "hosts, children or vars");
            }
        }
    }

    private void hosts(String group, Node node) {
        for (NodeTuple host : fields(node, "hosts")) {
            Location at = at(host.getKeyNode());
            String name = text(host.getKeyNode());
            if (name == null) {
                graph.wrong(at, "not the name of a host", "write it as text");
                continue;
            }
            List<String> names;
            try {
                names = HostRange.expand(name);
            } catch (IllegalArgumentException wrong) {
                graph.wrong(at, String.valueOf(wrong.getMessage()), "such as web[01:50]");
                continue;
            }
            Map<String, Setting> variables = variables(host.getValueNode());
            for (String each : names) {
                graph.host(
                        group.equals(InventoryGraph.ALL) ? InventoryGraph.ALL : group,
                        each,
                        variables,
                        at);
            }
        }
    }

    private Map<String, Setting> variables(Node node) {
        Map<String, Setting> found = new LinkedHashMap<>();
        for (NodeTuple field : fields(node, "variables")) {
            String name = text(field.getKeyNode());
            Location at = at(field.getValueNode());
            if (name == null) {
                graph.wrong(at(field.getKeyNode()), "not the name of a variable", "write a text");
                continue;
            }
            switch (field.getValueNode()) {
                case ScalarNode scalar when isPlain(scalar) ->
                        found.put(name, new Setting(scalar.getValue(), at));
                case MappingNode _, SequenceNode _ when !name.startsWith("ansible_") -> {}
                default ->
                        graph.wrong(
                                at,
                                "the value of %s cannot be read".formatted(name),
                                "write a plain text or number");
            }
        }
        return found;
    }

    /// The fields of a mapping; of nothing, none.
    private List<NodeTuple> fields(Node node, String what) {
        return switch (node) {
            case MappingNode mapping -> {
                refuseAmbiguous(mapping);
                yield mapping.getValue();
            }
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> List.of();
            default -> {
                graph.wrong(at(node), "not a mapping of " + what, "name: ..., one a line");
                yield List.of();
            }
        };
    }

    /// What is composed and not constructed has its keys unchecked and its merges (`<<`) undone:
    /// passed over, either could change who logs in where.
    private void refuseAmbiguous(MappingNode mapping) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple field : mapping.getValue()) {
            String key = text(field.getKeyNode());
            if (field.getKeyNode().getTag().equals(Tag.MERGE)) {
                graph.wrong(
                        at(field.getKeyNode()),
                        "a merge (<<) is not followed",
                        "write the values themselves, or as vars of a group");
            } else if (key != null && !seen.add(key)) {
                graph.wrong(
                        at(field.getKeyNode()), "%s is there twice".formatted(key), "take one out");
            }
        }
    }

    private static boolean isPlain(ScalarNode scalar) {
        return scalar.getTag().startsWith(Tag.PREFIX);
    }

    private static @Nullable String text(Node node) {
        return node instanceof ScalarNode scalar && isPlain(scalar) ? scalar.getValue() : null;
    }

    private Location at(Node node) {
        return new Location(
                file, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
    }
}
