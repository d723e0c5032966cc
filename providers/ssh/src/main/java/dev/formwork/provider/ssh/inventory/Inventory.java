package dev.formwork.provider.ssh.inventory;

import dev.formwork.model.Names;
import dev.formwork.model.Problems;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Selection;
import dev.formwork.provider.Settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The hosts of a provider, by name. Immutable.
public final class Inventory {
    static final String PLAIN = "an absolute path of letters, digits and . _ / -";

    private static final Pattern HOP =
            Pattern.compile("(?:([^@:\\[\\]]+)@)?(\\[[0-9A-Fa-f:.]+]|[^@:\\[\\]]+)(?::([0-9]+))?");

    private final Map<String, Host> hosts;

    private Inventory(Map<String, Host> hosts) {
        this.hosts = hosts;
    }

    /// Those of the keys `hosts` and `inventory` of the provider's configuration. What is wrong
    /// with the first is added to the settings, with the second to the problems.
    ///
    /// @param folder from which relative paths count
    public static Inventory read(
            Settings config, HostDefaults defaults, Path folder, Problems problems) {
        List<HostDraft> drafts = new ArrayList<>(ConfiguredHosts.read(config, defaults, folder));
        config.text("inventory")
                .map(folder::resolve)
                .ifPresent(file -> drafts.addAll(AnsibleInventory.read(file, defaults, problems)));
        Map<String, HostDraft> byName = new LinkedHashMap<>();
        for (HostDraft draft : drafts) {
            if (byName.putIfAbsent(draft.name(), draft) != null) {
                wrong(problems, draft, "is there twice", "name it otherwise");
            }
        }
        Map<String, Host> hosts = new LinkedHashMap<>();
        Map<String, String> places = new HashMap<>();
        for (HostDraft draft : byName.values()) {
            Host host = draft.with(between(draft, byName, problems));
            String other = places.putIfAbsent(host.place(), host.name());
            if (other != null) {
                wrong(
                        problems,
                        draft,
                        "is the same place as " + other,
                        "take one out, or give each a directory of its own");
            }
            hosts.put(host.name(), host);
        }
        return new Inventory(hosts);
    }

    /// Whether the setting `agent` says `none`; empty where it says nothing.
    public static Optional<Boolean> agentless(Settings settings) {
        Optional<String> agent = settings.text("agent");
        if (agent.isPresent() && !agent.get().equals("install") && !agent.get().equals("none")) {
            settings.refuse(
                    "agent", "cannot be " + Names.abbreviate(agent.get()), "install or none");
        }
        return agent.map("none"::equals);
    }

    private static List<Host> between(
            HostDraft draft, Map<String, HostDraft> byName, Problems problems) {
        List<Host> between = new ArrayList<>();
        for (String text : draft.jump()) {
            HostDraft named = byName.get(text);
            if (named != null) {
                if (!named.jump().isEmpty() || named.equals(draft)) {
                    wrong(
                            problems,
                            draft,
                            "is reached by %s, which has a jump host itself".formatted(text),
                            "list all of them at " + draft.name());
                }
                between.add(named.with(List.of()));
                continue;
            }
            Matcher hop = HOP.matcher(text.strip());
            int port = hop.matches() && hop.group(3) != null ? Ports.parse(hop.group(3)) : 22;
            if (!hop.matches() || port == 0) {
                wrong(
                        problems,
                        draft,
                        "has no jump host " + Names.abbreviate(text),
                        "user@host:port");
                continue;
            }
            String address = hop.group(2).replace("[", "").replace("]", "");
            between.add(
                    new Host(
                            text.strip(),
                            address,
                            port,
                            hop.group(1) == null ? draft.user() : hop.group(1),
                            draft.key(),
                            List.of(),
                            draft.directory(),
                            Optional.empty(),
                            Set.of(),
                            Map.of(),
                            false));
        }
        return between;
    }

    private static void wrong(Problems problems, HostDraft draft, String detail, String hint) {
        problems.add(
                null,
                ProviderCode.INVALID_CONFIG.code(),
                "host %s (%s) %s".formatted(draft.name(), draft.where(), detail),
                hint);
    }

    public Optional<Host> find(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    public Collection<Host> all() {
        return hosts.values();
    }

    /// Those that a group's `spec` chooses, by `hosts`, `group` and `labels`: all of them must
    /// agree; where none is there, every host does.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    public List<Host> choose(Settings spec) {
        return Selection.of(spec, "host", hosts, Host::groups, Host::labels, "see the inventory");
    }
}
