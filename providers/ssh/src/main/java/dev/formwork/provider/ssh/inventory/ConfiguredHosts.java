package dev.formwork.provider.ssh.inventory;

import dev.formwork.provider.Settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the hosts that are in the provider's configuration itself.
final class ConfiguredHosts {
    private ConfiguredHosts() {}

    /// What is wrong is added to the settings.
    ///
    /// @param folder from which the paths of keys count
    static List<HostDraft> read(Settings config, HostDefaults defaults, Path folder) {
        List<HostDraft> drafts = new ArrayList<>();
        for (Settings host : config.parts("hosts")) {
            String name = valid(host, "name", Host.NAME, "letters, digits, . _ -").orElse("");
            if (name.isEmpty()) {
                host.refuse("name", "a host has no name", "name it");
            }
            drafts.add(
                    new HostDraft(
                            name,
                            valid(host, "address", Host.ADDRESS, "a DNS name or an IP address")
                                    .orElse(name),
                            (int) host.integer("port", defaults.port(), 1, Host.HIGHEST_PORT),
                            valid(host, "user", Host.USER, "the name of a user")
                                    .orElse(defaults.user()),
                            host.text("key").map(folder::resolve).orElse(null),
                            host.texts("jump", defaults.jump()),
                            valid(host, "directory", Host.PLAIN_PATH, Inventory.PLAIN)
                                    .orElse(defaults.directory()),
                            valid(host, "java", Host.PLAIN_PATH, Inventory.PLAIN)
                                    .or(defaults::java),
                            Set.copyOf(host.texts("groups", List.of())),
                            host.labels("labels"),
                            Inventory.agentless(host).orElse(defaults.agentless()),
                            "hosts"));
        }
        return drafts;
    }

    private static Optional<String> valid(
            Settings settings, String key, Pattern form, String hint) {
        Optional<String> text = settings.text(key);
        if (text.isPresent() && !form.matcher(text.get()).matches()) {
            settings.refuse(key, "cannot be " + text.get(), hint);
        }
        return text;
    }
}
