package dev.formwork.provider.ssh.inventory;

import dev.formwork.provider.ssh.inventory.InventoryGraph.Resolved;
import dev.formwork.provider.ssh.inventory.InventoryGraph.Setting;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the variables of a host say of the way to it. Those that begin with `ansible_` are
/// Ansible's own: one that is not known here is refused, for it may change who logs in where. All
/// others are the user's, and become labels.
final class AnsibleVariables {
    /// About how Ansible works on the host, not about how it gets there.
    private static final Set<String> NOT_ABOUT_THE_WAY =
            Set.of(
                    "ansible_python_interpreter",
                    "ansible_shell_type",
                    "ansible_shell_executable",
                    "ansible_remote_tmp",
                    "ansible_network_os",
                    "ansible_ssh_pipelining",
                    "ansible_pipelining",
                    "ansible_ssh_retries",
                    "ansible_scp_if_ssh",
                    "ansible_ssh_transfer_method");

    private static final Pattern LABEL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern PROXY_JUMP =
            Pattern.compile("(?:-o\\s*ProxyJump\\s*[= ]\\s*|-J\\s*)(\\S+)");

    private final InventoryGraph graph;
    private final HostDefaults defaults;
    private final Path folder;

    /// @param folder from which the paths of keys count
    AnsibleVariables(InventoryGraph graph, HostDefaults defaults, Path folder) {
        this.graph = graph;
        this.defaults = defaults;
        this.folder = folder;
    }

    HostDraft host(Resolved host) {
        String address = host.name();
        int port = defaults.port();
        String user = defaults.user();
        Path key = null;
        List<String> jump = defaults.jump();
        Map<String, String> labels = new TreeMap<>();
        if (!Host.NAME.matcher(host.name()).matches()) {
            graph.wrong(
                    host.at(), "not a name for a host: " + host.name(), "letters, digits, . _ -");
        }
        for (Map.Entry<String, Setting> variable : host.variables().entrySet()) {
            Setting setting = variable.getValue();
            if (variable.getKey().startsWith("ansible_") && setting.value().contains("{{")) {
                wrong(variable, "is a template", "write the value itself");
                continue;
            }
            switch (variable.getKey()) {
                case "ansible_host", "ansible_ssh_host" ->
                        address = valid(variable, Host.ADDRESS, "a DNS name or an address");
                case "ansible_user", "ansible_ssh_user" ->
                        user = valid(variable, Host.USER, "the name of a user");
                case "ansible_port", "ansible_ssh_port" -> port = port(variable);
                case "ansible_ssh_private_key_file", "ansible_private_key_file" ->
                        key = path(setting.value());
                case "ansible_ssh_common_args" -> jump = jump(variable);
                case "ansible_connection" -> {
                    if (!Set.of("ssh", "smart", "paramiko").contains(setting.value())) {
                        wrong(variable, "is not SSH", "take the host out of what Formwork reads");
                    }
                }
                case String name when NOT_ABOUT_THE_WAY.contains(name) -> {}
                case String name when name.startsWith("ansible_") ->
                        wrong(
                                variable,
                                "is not understood",
                                "known are ansible_host, _port, _user, _ssh_private_key_file, and"
                                        + " ansible_ssh_common_args with ProxyJump");
                case String name -> {
                    if (LABEL.matcher(name).matches()) {
                        labels.put(name, setting.value());
                    }
                }
            }
        }
        return new HostDraft(
                host.name(),
                address,
                port,
                user,
                key,
                jump,
                defaults.directory(),
                defaults.java(),
                host.groups(),
                labels,
                defaults.agentless(),
                host.at().toString());
    }

    private void wrong(Map.Entry<String, Setting> variable, String detail, String hint) {
        graph.wrong(variable.getValue().at(), variable.getKey() + " " + detail, hint);
    }

    private String valid(Map.Entry<String, Setting> variable, Pattern form, String what) {
        if (!form.matcher(variable.getValue().value()).matches()) {
            wrong(variable, "is not " + what, "give " + what);
        }
        return variable.getValue().value();
    }

    private int port(Map.Entry<String, Setting> variable) {
        int port = Ports.parse(variable.getValue().value());
        if (port == 0) {
            wrong(variable, "is not a port", "1 to " + Host.HIGHEST_PORT);
        }
        return port;
    }

    private @Nullable Path path(String text) {
        String home = System.getProperty("user.home");
        return folder.resolve(text.startsWith("~/") ? home + text.substring(1) : text).normalize();
    }

    private List<String> jump(Map.Entry<String, Setting> variable) {
        String text = variable.getValue().value().replace("\"", "").replace("'", "").strip();
        Matcher jump = PROXY_JUMP.matcher(text);
        if (text.isEmpty()) {
            return List.of();
        }
        if (!jump.matches()) {
            wrong(variable, "has more than a ProxyJump", "-o ProxyJump=user@host:port alone");
            return List.of();
        }
        return jump.group(1).equals("none")
                ? List.of()
                : Arrays.asList(jump.group(1).split(",", -1));
    }
}
