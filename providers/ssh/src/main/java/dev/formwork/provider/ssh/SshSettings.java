package dev.formwork.provider.ssh;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;
import dev.formwork.provider.ssh.connection.Keys;
import dev.formwork.provider.ssh.connection.RemoteHosts;
import dev.formwork.provider.ssh.inventory.HostDefaults;
import dev.formwork.provider.ssh.inventory.Inventory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The configuration of an ssh provider, as docs/providers.md lists it.
///
/// @param grace how long a process has between TERM and KILL
/// @param engineUrls where agents find the engine; empty where nobody knows
record SshSettings(
        Inventory inventory,
        Keys keys,
        Path knownHosts,
        RemoteHosts.Limits limits,
        Duration grace,
        List<String> engineUrls) {

    private static final String PLAIN_PATH = "(/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,20}";
    private static final String PLAIN = "an absolute path of letters, digits and . _ / -";

    SshSettings {
        engineUrls = List.copyOf(engineUrls);
    }

    /// @param environment the engine's own
    /// @throws ProblemException `provider.invalid-config` with all that is wrong, of an inventory
    ///   with file and line
    static SshSettings read(ProviderContext context, Map<String, String> environment) {
        return new Reader(context, environment).read();
    }

    private static final class Reader {
        private final ProviderContext context;
        private final Map<String, String> environment;
        private final Settings config;
        private final Problems problems = new Problems();
        private final Path home;

        Reader(ProviderContext context, Map<String, String> environment) {
            this.context = context;
            this.environment = environment;
            this.config = Settings.config(context);
            this.home = Path.of(environment.getOrDefault("HOME", "/root"));
        }

        SshSettings read() {
            HostDefaults defaults =
                    new HostDefaults(
                            (int) config.integer("port", 22, 1, 65535),
                            config.text("user").orElse(System.getProperty("user.name", "root")),
                            config.texts("jump", List.of()),
                            plainPath("directory").orElse("/var/lib/formwork"),
                            plainPath("java"),
                            Inventory.agentless(config).orElse(false));
            Inventory inventory =
                    Inventory.read(config, defaults, context.dataDirectory(), problems);
            SshSettings settings =
                    new SshSettings(
                            inventory,
                            keys(),
                            path("known_hosts").orElse(home.resolve(".ssh/known_hosts")),
                            new RemoteHosts.Limits(
                                    (int) config.integer("parallel", 50, 1, 1000),
                                    Duration.ofSeconds(
                                            config.integer("connect_seconds", 10, 1, 600)),
                                    Duration.ofSeconds(config.integer("seconds", 60, 1, 3600))),
                            Duration.ofSeconds(config.integer("grace_seconds", 5, 0, 600)),
                            engineUrls());
            finish();
            return settings;
        }

        private void finish() {
            try {
                config.finish();
            } catch (ProblemException wrong) {
                problems.addAll(wrong.problems());
            }
            problems.throwIfAny();
        }

        private Optional<Path> path(String key) {
            return config.text(key).map(this::resolved);
        }

        private Path resolved(String text) {
            return text.startsWith("~/")
                    ? home.resolve(text.substring(2))
                    : context.dataDirectory().resolve(text);
        }

        private Optional<String> plainPath(String key) {
            Optional<String> path = config.text(key);
            if (path.isPresent() && !path.get().matches(PLAIN_PATH)) {
                config.refuse(key, "cannot be " + Names.abbreviate(path.get()), PLAIN);
            }
            return path;
        }

        private List<String> engineUrls() {
            Optional<String> configured = config.text("engine_url");
            if (configured.isEmpty()) {
                return context.machineUrls().stream().map(URI::toString).toList();
            }
            List<String> urls =
                    Arrays.stream(configured.get().split(",", -1)).map(String::strip).toList();
            for (String url : urls) {
                if (!url.matches("https?://[A-Za-z0-9._:\\[\\]-]+/?")) {
                    config.refuse(
                            "engine_url",
                            "not a URL of an engine: " + Names.abbreviate(url),
                            "such as https://engine.example:7476");
                }
            }
            return urls;
        }

        private Keys keys() {
            List<String> named = config.texts("keys", List.of());
            List<Path> files =
                    named.isEmpty()
                            ? Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
                                    .map(name -> home.resolve(".ssh").resolve(name))
                                    .filter(Files::isReadable)
                                    .toList()
                            : named.stream().map(this::resolved).toList();
            Optional<Path> agent =
                    switch (config.text("ssh_agent").orElse("auto")) {
                        case "auto" ->
                                Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
                                        .filter(socket -> !socket.isBlank())
                                        .map(Path::of);
                        case "none" -> Optional.empty();
                        case String socket -> Optional.of(resolved(socket));
                    };
            Keys keys = new Keys(files, passphrase(), agent);
            if (!named.isEmpty()) {
                try {
                    keys.load();
                } catch (Keys.BadKeyException bad) {
                    config.refuse(
                            "keys",
                            String.valueOf(bad.getMessage()),
                            "a private key; its passphrase comes from passphrase_file");
                }
            }
            return keys;
        }

        private byte @Nullable [] passphrase() {
            Optional<Path> file = path("passphrase_file");
            if (file.isEmpty()) {
                return null;
            }
            try {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file.get());
                if (permissions.stream().anyMatch(p -> !p.name().startsWith("OWNER"))) {
                    config.refuse("passphrase_file", "others may read it", "chmod 600");
                }
                return Files.readString(file.get())
                        .stripTrailing()
                        .getBytes(StandardCharsets.UTF_8);
            } catch (IOException failed) {
                problems.add(
                        Problem.of(
                                ProviderCode.INVALID_CONFIG.code(),
                                "passphrase_file cannot be read: " + failed.getMessage(),
                                "a file of mode 0600 with the passphrase in it"));
                return null;
            }
        }
    }
}
