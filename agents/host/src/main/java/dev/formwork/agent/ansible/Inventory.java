package dev.formwork.agent.ansible;

import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The machines of a playbook, as a file that Ansible's plugin `yaml` reads.
final class Inventory {
    /// No range (`web[1:9]`), no pattern and no port.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

    /// An address or a DNS name: `ssh` takes what begins with a dash for an option.
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9.:%_-]{0,254}");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    private static final String REMOTE_TMP = "ansible_remote_tmp";

    private final Map<String, ObjectNode> variables = new TreeMap<>();
    private final Map<String, Set<String>> groups = new TreeMap<>();

    private Inventory() {}

    /// This machine, on which a playbook works without SSH and with the Python that runs Ansible.
    ///
    /// @param temporary a folder for the modules that it runs here: nobody clears the usual one in
    ///   a user's home of what an ended playbook leaves
    static String ofMachine(String name, List<String> groups, Path temporary)
            throws RunnerException {
        require(HOST, name, "a machine's name");
        Inventory inventory = new Inventory();
        for (String group : groups) {
            inventory.group(group).add(name);
        }
        return inventory.write(
                "{\"%s\": {\"ansible_connection\": \"local\", \"%s\": %s, \"ansible_python_interpreter\": \"{{ ansible_playbook_python }}\"}}"
                        .formatted(name, REMOTE_TMP, UntrustedYaml.write(text(temporary))));
    }

    /// Machines by group: `{web: [{name: web-1, address: 10.0.0.1, weight: 5}]}`. What a machine
    /// has beside its name and address are its variables; where it stands in several groups, those
    /// of all of them.
    ///
    /// @param temporary as of [#ofMachine], of those that are this machine
    /// @throws RunnerException `agent.inventory-invalid`
    static String of(@Nullable JsonNode machines, Path temporary) throws RunnerException {
        if (machines == null || !machines.isObject()) {
            throw invalid("it has to be lists of machines by the names of their groups");
        }
        Inventory inventory = new Inventory();
        for (Map.Entry<String, JsonNode> group : machines.properties()) {
            if (!group.getValue().isArray()) {
                throw invalid("the group " + group.getKey() + " is no list of machines");
            }
            Set<String> members = inventory.group(group.getKey());
            for (JsonNode machine : group.getValue()) {
                members.add(inventory.machine(machine));
            }
        }
        for (ObjectNode own : inventory.variables.values()) {
            if (own.path("ansible_connection").asString("").equals("local")
                    && !own.has(REMOTE_TMP)) {
                own.set(REMOTE_TMP, text(temporary));
            }
        }
        return inventory.write(
                inventory.variables.entrySet().stream()
                        .map(host ->
                                "\""
                                        + host.getKey()
                                        + "\": "
                                        + UntrustedYaml.write(host.getValue()))
                        .collect(Collectors.joining(", ", "{", "}")));
    }

    private static JsonNode text(Path path) {
        return JsonNodeFactory.instance.stringNode(path.toString());
    }

    private Set<String> group(String name) throws RunnerException {
        require(IDENTIFIER, name, "a group's name");
        if (name.equals("all") || name.equals("ungrouped")) {
            throw invalid("every inventory has a group " + name);
        }
        return groups.computeIfAbsent(name, _ -> new TreeSet<>());
    }

    private String machine(JsonNode machine) throws RunnerException {
        String name = machine.path("name").asString("");
        require(HOST, name, "a machine's name");
        ObjectNode own =
                variables.computeIfAbsent(name, _ -> JsonNodeFactory.instance.objectNode());
        for (Map.Entry<String, JsonNode> field : machine.properties()) {
            switch (field.getKey()) {
                case "name" -> {}
                case "address" -> {
                    if (field.getValue().isString()) {
                        address(own, field.getValue());
                    }
                }
                case "ansible_host" -> address(own, field.getValue());
                default -> {
                    require(IDENTIFIER, field.getKey(), "a variable's name");
                    own.set(field.getKey(), field.getValue());
                }
            }
        }
        return name;
    }

    private static void address(ObjectNode machine, JsonNode address) throws RunnerException {
        require(ADDRESS, address.asString(""), "a machine's address");
        machine.set("ansible_host", address);
    }

    /// @param hosts YAML: the variables of each
    private String write(String hosts) {
        String children =
                groups.entrySet().stream()
                        .map(group ->
                                "\"%s\": {\"hosts\": {%s}}"
                                        .formatted(
                                                group.getKey(),
                                                group.getValue().stream()
                                                        .map("\"%s\": {}"::formatted)
                                                        .collect(Collectors.joining(", "))))
                        .collect(Collectors.joining(", ", "{", "}"));
        return "{\"all\": {\"hosts\": %s, \"children\": %s}}%n".formatted(hosts, children);
    }

    private static void require(Pattern pattern, String text, String what) throws RunnerException {
        if (!pattern.matcher(text).matches()) {
            String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
            throw invalid("'" + shown + "' can't be " + what);
        }
    }

    private static RunnerException invalid(String why) {
        return new RunnerException(
                "agent.inventory-invalid", "the inventory can't be used: " + why);
    }
}
