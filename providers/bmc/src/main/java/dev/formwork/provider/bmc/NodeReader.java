package dev.formwork.provider.bmc;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.YamlValues;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads nodes: those of the configuration itself, and those of the file that it names.
final class NodeReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern USER = Pattern.compile("[!-~]{1,64}");
    private static final int HIGHEST_PORT = 65_535;

    private final Settings config;
    private final Path folder;
    private final Problems problems;
    private final int port;
    private final Optional<String> user;
    private final Optional<Password> password;
    private final boolean uefi;
    private final Map<String, ManagedNode> nodes = new LinkedHashMap<>();
    private final Map<String, String> taken = new HashMap<>();

    private NodeReader(Settings config, int port, Path folder, Problems problems) {
        this.config = config;
        this.folder = folder;
        this.problems = problems;
        this.port = (int) config.integer("port", port, 1, HIGHEST_PORT);
        this.user = valid(config, "user", USER, "the name of a user");
        this.password = password(config);
        this.uefi = uefi(config, true);
    }

    /// What is wrong is added to the settings or, where a file cannot be read, to the problems.
    ///
    /// @param folder from which relative paths count
    static Nodes read(
            Settings config, int port, Path folder, ControllerOpener opener, Problems problems) {
        NodeReader reader = new NodeReader(config, port, folder, problems);
        config.parts("nodes").forEach(settings -> reader.add(settings, opener));
        config.text("inventory")
                .map(folder::resolve)
                .ifPresent(file -> reader.addAllOf(file, opener));
        return new Nodes(reader.nodes);
    }

    private void addAllOf(Path file, ControllerOpener opener) {
        try {
            Value read = YamlValues.read(file.toString(), Files.readString(file));
            if (read instanceof Value.Struct(Map<String, Value> fields)
                    && fields.size() == 1
                    && fields.get("nodes") instanceof Value.Sequence(List<Value> items)) {
                for (Settings each : config.parts("nodes", file.toString(), items)) {
                    add(each, opener);
                }
            } else {
                config.refuse("inventory", "no list of nodes is in " + file, "`nodes: [...]`");
            }
        } catch (IOException failed) {
            config.refuse(
                    "inventory",
                    "%s cannot be read: %s".formatted(file, failed),
                    "a file of YAML with `nodes: [...]`");
        } catch (ProblemException wrong) {
            problems.addAll(wrong.problems());
        }
    }

    private void add(Settings settings, ControllerOpener opener) {
        String name = required(settings, "name", NAME, "letters, digits, . _ -");
        String address = required(settings, "address", ADDRESS, "a DNS name or an IP address");
        Optional<String> login = valid(settings, "user", USER, "the name of a user").or(() -> user);
        Optional<Password> secret = password(settings).or(() -> password);
        if (login.isEmpty()) {
            settings.refuse("user", "nobody is named", "the controller's user");
        }
        if (secret.isEmpty()) {
            settings.refuse("password_file", "there is none", "a file of mode 0600");
        }
        Node node =
                new Node(
                        name,
                        address,
                        (int) settings.integer("port", port, 1, HIGHEST_PORT),
                        login.orElse(""),
                        secret.orElseGet(() -> Password.of("")),
                        hardware(settings),
                        uefi(settings, uefi),
                        Set.copyOf(settings.texts("groups", List.of())),
                        settings.labels("labels"));
        ManagementController controller = opener.open(node, settings);
        if (!name.isEmpty() && nodes.putIfAbsent(name, new ManagedNode(node, controller)) != null) {
            settings.refuse("name", "the node %s is there twice".formatted(name), "rename one");
        }
        for (String mark : marks(node)) {
            String other = taken.putIfAbsent(mark, name);
            if (other != null) {
                settings.refuse(
                        "nodes",
                        "%s and %s have the same %s".formatted(other, name, mark),
                        "take one of them out");
            }
        }
    }

    /// What no two nodes have in common.
    private static List<String> marks(Node node) {
        List<String> marks = new ArrayList<>(node.hardware().macs());
        node.hardware().uuid().ifPresent(marks::add);
        return marks;
    }

    private static Hardware hardware(Settings settings) {
        List<String> macs = settings.texts("macs", List.of());
        Optional<String> uuid = settings.text("uuid");
        Optional<String> serial = settings.text("serial");
        List<String> good = new ArrayList<>();
        for (String mac : macs) {
            hardware(
                            settings,
                            "macs",
                            new Candidate(List.of(mac), Optional.empty(), Optional.empty()))
                    .ifPresent(each -> good.addAll(each.macs()));
        }
        hardware(settings, "macs", new Candidate(good, Optional.empty(), Optional.empty()));
        Optional<Hardware> byUuid =
                hardware(settings, "uuid", new Candidate(List.of(), uuid, Optional.empty()));
        Optional<Hardware> bySerial =
                hardware(settings, "serial", new Candidate(List.of(), Optional.empty(), serial));
        return new Hardware(
                good.stream().limit(16).toList(),
                byUuid.flatMap(Hardware::uuid),
                bySerial.flatMap(Hardware::serial));
    }

    private record Candidate(List<String> macs, Optional<String> uuid, Optional<String> serial) {}

    private static Optional<Hardware> hardware(Settings settings, String key, Candidate candidate) {
        try {
            return Optional.of(
                    new Hardware(candidate.macs(), candidate.uuid(), candidate.serial()));
        } catch (IllegalArgumentException wrong) {
            settings.refuse(
                    key,
                    String.valueOf(wrong.getMessage()),
                    "macs as 52:54:00:00:00:01, at most 16; uuid as SMBIOS has it");
            return Optional.empty();
        }
    }

    private static boolean uefi(Settings settings, boolean fallback) {
        return switch (settings.text("firmware").orElse(fallback ? "uefi" : "bios")) {
            case "uefi" -> true;
            case "bios" -> false;
            case String other -> {
                settings.refuse("firmware", "not " + Names.abbreviate(other), "uefi or bios");
                yield fallback;
            }
        };
    }

    private Optional<Password> password(Settings settings) {
        Optional<String> text = settings.secret("password");
        Optional<Path> file = settings.text("password_file").map(folder::resolve);
        if (text.isPresent() && file.isPresent()) {
            settings.refuse("password", "there is a password_file too", "give one of them");
        }
        file.ifPresent(path -> {
            try {
                Password.in(path).reveal();
            } catch (ProblemException wrong) {
                for (Problem each : wrong.problems()) {
                    problems.add(
                            Problem.of(
                                    ProviderCode.INVALID_CONFIG.code(),
                                    each.detail(),
                                    each.hint()));
                }
            }
        });
        return text.map(Password::of).or(() -> file.map(Password::in));
    }

    private static String required(Settings settings, String key, Pattern form, String hint) {
        Optional<String> text = valid(settings, key, form, hint);
        if (text.isEmpty()) {
            settings.refuse(key, "a node needs it", hint);
        }
        return text.orElse("");
    }

    private static Optional<String> valid(
            Settings settings, String key, Pattern form, String hint) {
        Optional<String> text = settings.text(key);
        if (text.isPresent() && !form.matcher(text.get()).matches()) {
            settings.refuse(key, "cannot be " + Names.abbreviate(text.get()), hint);
        }
        return text;
    }
}
