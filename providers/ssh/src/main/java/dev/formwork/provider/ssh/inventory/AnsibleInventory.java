package dev.formwork.provider.ssh.inventory;

import dev.formwork.model.Location;
import dev.formwork.model.Problems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads an Ansible inventory file, `.yml` and `.yaml` as YAML and all else as INI. What Ansible
/// would take from elsewhere (plugins, scripts, `group_vars`, `host_vars`) is refused where it is
/// seen, for it would change what is meant.
final class AnsibleInventory {
    private static final long MOST_BYTES = 32L << 20;

    private AnsibleInventory() {}

    /// @param problems where what is wrong goes, each with file and line
    static List<HostDraft> read(Path file, HostDefaults defaults, Problems problems) {
        InventoryGraph graph = new InventoryGraph(problems);
        Location start = new Location(file.toString(), 1, 1);
        Path folder = file.toAbsolutePath().normalize().getParent();
        try {
            if (folder == null || Files.isDirectory(file)) {
                graph.wrong(start, "the inventory is a directory", "name one file in it");
                return List.of();
            }
            for (String beside : List.of("group_vars", "host_vars")) {
                if (Files.exists(folder.resolve(beside))) {
                    graph.wrong(
                            start,
                            "%s beside the inventory is not read".formatted(beside),
                            "copy the inventory elsewhere, with the variables of the connection");
                }
            }
            if (Files.size(file) > MOST_BYTES) {
                graph.wrong(start, "the inventory is too large", "at most 32 MiB");
                return List.of();
            }
            String text = Files.readString(file);
            if (text.startsWith("#!")) {
                graph.wrong(start, "the inventory is a script", "write its output to a file");
                return List.of();
            }
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".yml") || name.endsWith(".yaml")) {
                new YamlInventoryReader(file.toString(), graph).read(text);
            } else {
                new IniReader(file.toString(), graph).read(text.lines().toList());
            }
        } catch (IOException failed) {
            graph.wrong(start, "the inventory cannot be read: " + failed, "see that it is text");
            return List.of();
        }
        AnsibleVariables variables = new AnsibleVariables(graph, defaults, folder);
        return graph.resolve().stream().map(variables::host).toList();
    }
}
