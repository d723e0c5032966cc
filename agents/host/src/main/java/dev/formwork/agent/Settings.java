package dev.formwork.agent;

import dev.formwork.agent.transport.EngineUrl;
import dev.formwork.agent.transport.KnownEngines;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the agent is told by its environment.
///
/// @param engines `FORMWORK_ENGINE_URL`: http or https, one or several with commas between
/// @param folder `FORMWORK_AGENT_DIR`: journal, credential, modules, jobs and state
/// @param bootTokenFile `FORMWORK_BOOT_TOKEN_FILE`: needed until the machine is registered
/// @param address `FORMWORK_ADDRESS`: where other machines reach this one; found out if null
/// @param rebootCommand `FORMWORK_REBOOT_COMMAND`: for the shell
/// @param powerOffCommand `FORMWORK_POWER_OFF_COMMAND`: for the shell
/// @param bootId `FORMWORK_BOOT_ID`: the kernel's if null
/// @param cache `FORMWORK_CACHE`: passed on to scripts
/// @param hostShell `FORMWORK_HOST_SHELL`: a command of words with spaces between, such as `ssh
///   host exec /bin/sh -s`, that leads to the host that jobs are to run on; null for this machine
/// @param hostFolder `FORMWORK_HOST_DIR`: the machine's folder on that host
/// @param caFile `FORMWORK_CA_FILE`: PEM certificates under which the engine is trusted; the
///   platform's if null
record Settings(
        List<URI> engines,
        Path folder,
        @Nullable Path bootTokenFile,
        @Nullable String address,
        String rebootCommand,
        String powerOffCommand,
        @Nullable String bootId,
        @Nullable Path cache,
        @Nullable String hostShell,
        @Nullable Path hostFolder,
        @Nullable Path caFile) {
    /// All that is wrong with the environment, one line each.
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    static Settings from(Map<String, String> environment) throws InvalidException {
        return new Reader(environment).read();
    }

    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        Settings read() throws InvalidException {
            List<URI> engines = engines("FORMWORK_ENGINE_URL");
            Path folder = path("FORMWORK_AGENT_DIR");
            if (folder == null && problems.stream().noneMatch(p -> p.contains("AGENT_DIR"))) {
                problems.add("FORMWORK_AGENT_DIR is not set");
            }
            if (text("FORMWORK_HOST_SHELL") != null && text("FORMWORK_HOST_DIR") == null) {
                problems.add("FORMWORK_HOST_DIR is not set");
            }
            Settings settings =
                    new Settings(
                            engines,
                            folder == null ? Path.of("") : folder,
                            path("FORMWORK_BOOT_TOKEN_FILE"),
                            text("FORMWORK_ADDRESS"),
                            text("FORMWORK_REBOOT_COMMAND", "systemctl reboot"),
                            text("FORMWORK_POWER_OFF_COMMAND", "systemctl poweroff"),
                            text("FORMWORK_BOOT_ID"),
                            path("FORMWORK_CACHE"),
                            text("FORMWORK_HOST_SHELL"),
                            path("FORMWORK_HOST_DIR"),
                            path("FORMWORK_CA_FILE"));
            if (!problems.isEmpty()) {
                throw new InvalidException(problems);
            }
            return settings;
        }

        private List<URI> engines(String name) {
            String text = text(name);
            if (text == null) {
                problems.add(name + " is not set");
                return List.of();
            }
            Set<URI> engines = new LinkedHashSet<>();
            for (String each : text.split(",", -1)) {
                EngineUrl.parse(each)
                        .ifPresentOrElse(
                                engines::add,
                                () ->
                                        problems.add(
                                                name
                                                        + " is not an http or https URL: "
                                                        + each.strip()));
            }
            if (engines.size() > KnownEngines.MOST) {
                problems.add(name + " holds more than " + KnownEngines.MOST + " URLs");
            }
            return List.copyOf(engines);
        }

        private @Nullable Path path(String name) {
            String text = text(name);
            if (text == null) {
                return null;
            }
            try {
                return Path.of(text).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                problems.add(name + " is not a path");
                return null;
            }
        }

        private @Nullable String text(String name) {
            String text = environment.get(name);
            return text == null || text.isBlank() ? null : text.strip();
        }

        private String text(String name, String otherwise) {
            String text = text(name);
            return text == null ? otherwise : text;
        }
    }
}
