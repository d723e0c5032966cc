package dev.formwork.provider.local;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.host.DurableFiles;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.MachineRecord;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes the scripts of a machine, with all they need to know in them: they work without the
/// engine, and without what was in the environment of who calls them.
final class MachineScripts {
    /// What of the engine's own environment an agent sees.
    private static final List<String> PASSED_ON =
            List.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "TMPDIR",
                    "JAVA_HOME",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy",
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY");

    private final Map<String, String> host;
    private final String engineUrl;
    private final AgentLaunch agent;
    private final Path cache;
    private final Duration grace;

    /// @param host the engine's own environment
    MachineScripts(
            Map<String, String> host,
            String engineUrl,
            AgentLaunch agent,
            Path cache,
            Duration grace) {
        this.host = Map.copyOf(host);
        this.engineUrl = engineUrl;
        this.agent = agent;
        this.cache = cache;
        this.grace = grace;
    }

    /// Replaces the scripts of a machine; one that runs goes on as it was.
    void write(MachineDirectory machine, MachineRecord record) throws IOException {
        Files.createDirectories(machine.path().resolve("bin"));
        Map<String, String> environment = environment(machine, record);
        write(
                machine.bin("launch"),
                resource("launch.sh")
                        .replace("@SETTINGS@", settings(machine))
                        .replace(
                                "@ENVIRONMENT@",
                                environment.entrySet().stream()
                                        .map(e ->
                                                "export " + e.getKey() + "=" + quote(e.getValue()))
                                        .collect(Collectors.joining("\n")))
                        .replace(
                                "@COMMAND@",
                                agent.command().stream()
                                        .map(MachineScripts::quote)
                                        .collect(Collectors.joining(" "))));
        write(machine.bin("power"), resource("power.sh").replace("@SETTINGS@", settings(machine)));
        write(machine.bin("reboot"), forward(machine, "reboot"));
        write(machine.bin("power-off"), forward(machine, "off"));
    }

    /// What an agent is started with, but for `FORMWORK_BOOT_ID`, which each boot has anew.
    Map<String, String> environment(MachineDirectory machine, MachineRecord record) {
        Map<String, String> environment = new TreeMap<>();
        for (String name : PASSED_ON) {
            String value = host.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putIfAbsent("PATH", HostRequirements.DEFAULT_PATH);
        environment.putAll(agent.environment());
        environment.put("FORMWORK_ENGINE_URL", engineUrl);
        environment.put("FORMWORK_BOOT_TOKEN_FILE", machine.bootToken().toString());
        environment.put("FORMWORK_AGENT_DIR", machine.agent().toString());
        environment.put("FORMWORK_ADDRESS", record.address());
        environment.put("FORMWORK_MACHINE", record.name());
        environment.put("FORMWORK_MACHINE_ID", record.machine());
        environment.put("FORMWORK_REBOOT_COMMAND", word(machine.bin("reboot")));
        environment.put("FORMWORK_POWER_OFF_COMMAND", word(machine.bin("power-off")));
        environment.put("FORMWORK_CACHE", cache.toString());
        return environment;
    }

    /// As one word of a POSIX shell, whatever is in it.
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /// A path as a command of a shell: left as it is where the shell would leave it.
    private static String word(Path program) {
        String path = program.toString();
        return path.matches("[A-Za-z0-9/._-]+") ? path : quote(path);
    }

    private String settings(MachineDirectory machine) {
        return "id=%s\ndir=%s\ngrace=%d"
                .formatted(
                        quote(machine.machine().value()),
                        quote(machine.path().toString()),
                        grace.toSeconds());
    }

    private static String forward(MachineDirectory machine, String what) {
        return "#!/bin/sh\nexec /bin/sh %s %s\n"
                .formatted(quote(machine.bin("power").toString()), what);
    }

    /// Readable by the owner alone: a proxy's URL may hold a password.
    private static void write(Path file, String text) throws IOException {
        DurableFiles.write(file, text, "rwx------");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MachineScripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the jar of the local provider lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
