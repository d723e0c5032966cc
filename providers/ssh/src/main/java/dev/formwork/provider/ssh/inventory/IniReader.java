package dev.formwork.provider.ssh.inventory;

import dev.formwork.model.Location;
import dev.formwork.provider.ssh.inventory.InventoryGraph.Setting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an Ansible inventory in its INI form (`ansible.builtin.ini`): hosts with variables behind
/// them, `[group]`, `[group:children]`, `[group:vars]`.
final class IniReader {
    private static final Pattern SECTION =
            Pattern.compile("\\[([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::(children|vars|hosts))?]");
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]*(?:\\[[^]]*][^:]*)*):([0-9]+)");

    private final String file;
    private final InventoryGraph graph;
    private final Map<String, Location> promised = new LinkedHashMap<>();

    IniReader(String file, InventoryGraph graph) {
        this.file = file;
        this.graph = graph;
    }

    void read(List<String> lines) {
        String group = InventoryGraph.UNGROUPED;
        String kind = "hosts";
        boolean isKnown = true;
        Map<String, Location> declared = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Location at = new Location(file, i + 1, 1);
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[")) {
                Matcher section = SECTION.matcher(withoutComment(line));
                isKnown = section.matches();
                if (!isKnown) {
                    graph.wrong(
                            at,
                            "not a section: " + line,
                            "[group], [group:children] or [group:vars]");
                    continue;
                }
                group = section.group(1);
                kind = section.group(2) == null ? "hosts" : section.group(2);
                if (kind.equals("vars")) {
                    promised.putIfAbsent(group, at);
                } else {
                    declared.putIfAbsent(group, at);
                    graph.group(group, at);
                }
            } else if (isKnown) {
                switch (kind) {
                    case "children" -> {
                        String child = withoutComment(line);
                        promised.putIfAbsent(child, at);
                        graph.child(group, child, at);
                    }
                    case "vars" -> variable(group, line, at);
                    default -> host(group, line, at);
                }
            }
        }
        promised.forEach((name, at) -> {
            if (!declared.containsKey(name)
                    && !name.equals(InventoryGraph.ALL)
                    && !name.equals(InventoryGraph.UNGROUPED)) {
                graph.wrong(
                        at, "there is no group " + name, "declare it with [%s]".formatted(name));
            }
        });
    }

    private static String withoutComment(String line) {
        return line.replaceFirst("\\s+[#;].*", "");
    }

    private void variable(String group, String line, Location at) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (!assignment.matches()) {
            graph.wrong(at, "not a variable: " + line, "name=value");
            return;
        }
        graph.variable(
                group, assignment.group(1), new Setting(unquoted(assignment.group(2).strip()), at));
    }

    /// Of a value in quotes, Ansible takes what is between them.
    private static String unquoted(String value) {
        if (value.length() >= 2
                && (value.startsWith("'") || value.startsWith("\""))
                && value.endsWith(value.substring(0, 1))) {
            return value.substring(1, value.length() - 1);
        }
        return value;
    }

    private void host(String group, String line, Location at) {
        List<String> words;
        List<String> names;
        Map<String, Setting> variables = new LinkedHashMap<>();
        try {
            words = words(line);
            String name = words.getFirst();
            Matcher port = WITH_PORT.matcher(name);
            if (port.matches()) {
                name = port.group(1);
                variables.put("ansible_port", new Setting(port.group(2), at));
            }
            names = HostRange.expand(name);
        } catch (IllegalArgumentException wrong) {
            graph.wrong(at, String.valueOf(wrong.getMessage()), "name, then variable=value");
            return;
        }
        for (String word : words.subList(1, words.size())) {
            Matcher assignment = ASSIGNMENT.matcher(word);
            if (assignment.matches()) {
                variables.put(assignment.group(1), new Setting(assignment.group(2), at));
            } else {
                graph.wrong(at, "not a variable: " + word, "name=value");
            }
        }
        for (String name : names) {
            graph.host(group, name, variables, at);
        }
    }

    /// As a shell splits them, with comments: what Ansible does with the line of a host.
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\' && quote == '"' && i + 1 < line.length()) {
                    i++;
                    word.append(line.charAt(i));
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else if (c == '#' && !inWord) {
                break;
            } else {
                if (c == '\\' && i + 1 < line.length()) {
                    i++;
                }
                word.append(line.charAt(i));
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quotation has no end: " + line);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
