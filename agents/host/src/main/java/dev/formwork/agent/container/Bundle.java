package dev.formwork.agent.container;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.Runners;
import dev.formwork.agent.runner.ShellRunner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the OCI runtime is told: a folder with `config.json`, and a link to the image. The script
/// sees its job below `/formwork`. Source: the OCI runtime specification, `config.md`.
final class Bundle {
    /// The link.
    static final String IMAGE = "image";

    /// Where the root is made, of the image and a layer above it.
    static final String ROOT = "root";

    private static final String HOME = "/formwork/";

    /// Those that containers usually have, but for making devices and forging packets.
    private static final List<String> CAPABILITIES =
            List.of(
                    "CAP_CHOWN",
                    "CAP_DAC_OVERRIDE",
                    "CAP_FOWNER",
                    "CAP_FSETID",
                    "CAP_KILL",
                    "CAP_NET_BIND_SERVICE",
                    "CAP_SETFCAP",
                    "CAP_SETGID",
                    "CAP_SETPCAP",
                    "CAP_SETUID",
                    "CAP_SYS_CHROOT");

    private static final List<String> HIDDEN =
            List.of(
                    "/proc/acpi",
                    "/proc/asound",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final Launch launch;
    private final ContainerSpec spec;
    private final List<Map<String, Object>> mounts = new ArrayList<>();

    Bundle(Launch launch, ContainerSpec spec) {
        this.launch = launch;
        this.spec = spec;
    }

    /// @param image the environment of the image
    void write(List<String> image) throws IOException {
        mountSystem();
        mountJob();
        for (ContainerSpec.Mount mount : spec.mounts()) {
            bind(mount.path(), mount.at(), mount.readOnly());
        }
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put("user", Map.of("uid", 0, "gid", 0));
        process.put("args", command());
        process.put("env", environment(image));
        process.put("cwd", HOME + "work");
        process.put("noNewPrivileges", true);
        process.put(
                "capabilities",
                Map.of(
                        "bounding", CAPABILITIES,
                        "effective", CAPABILITIES,
                        "permitted", CAPABILITIES));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("ociVersion", "1.0.2");
        config.put("process", process);
        config.put("root", Map.of("path", ROOT));
        config.put("mounts", mounts);
        config.put(
                "linux",
                Map.of(
                        "namespaces", namespaces(),
                        "maskedPaths", HIDDEN,
                        "readonlyPaths", READ_ONLY));
        // It holds the inputs, secret ones too, as the job's own file of inputs does.
        DurableFile.replace(launch.scratch().resolve("config.json"), ProtocolJson.write(config));
    }

    private List<String> command() throws IOException {
        List<String> command =
                new ArrayList<>(
                        spec.command().isEmpty()
                                ? ShellRunner.interpreter(launch.script())
                                : spec.command());
        boolean inModule = launch.script().startsWith(launch.module());
        command.add(
                inModule
                        ? HOME + "module/" + launch.module().relativize(launch.script())
                        : HOME + "script");
        return command;
    }

    private List<String> environment(List<String> image) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", Runners.DEFAULT_PATH);
        for (String each : image) {
            int equals = each.indexOf('=');
            if (equals > 0 && each.indexOf('\0') < 0) {
                variables.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        launch.environment()
                .forEach((name, value) -> {
                    if (name.startsWith("INPUT_") || name.startsWith("FORMWORK_")) {
                        variables.put(name, value);
                    }
                });
        variables.put("FORMWORK_INPUTS", HOME + "inputs.json");
        variables.put("FORMWORK_OUTPUTS", HOME + "outputs");
        variables.put("FORMWORK_REQUEST", HOME + "request");
        variables.put("FORMWORK_MODULE_DIR", HOME + "module");
        variables.put("FORMWORK_STATE", HOME + "state");
        if (launch.environment().containsKey("FORMWORK_CACHE")) {
            variables.put("FORMWORK_CACHE", HOME + "cache");
        }
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }

    private List<Map<String, Object>> namespaces() {
        List<Map<String, Object>> namespaces = new ArrayList<>();
        for (String each : List.of("mount", "pid", "ipc")) {
            namespaces.add(Map.of("type", each));
        }
        if (!isOnNetwork()) {
            namespaces.add(Map.of("type", "network"));
        }
        return namespaces;
    }

    private boolean isOnNetwork() {
        return spec.network().equals("host");
    }

    private void mountSystem() {
        mount("proc", "proc", "/proc", "nosuid", "noexec", "nodev");
        mount("tmpfs", "tmpfs", "/dev", "nosuid", "strictatime", "mode=755", "size=64k");
        mount(
                "devpts",
                "devpts",
                "/dev/pts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5");
        mount("tmpfs", "shm", "/dev/shm", "nosuid", "noexec", "nodev", "mode=1777", "size=64m");
        mount("mqueue", "mqueue", "/dev/mqueue", "nosuid", "noexec", "nodev");
        mount("sysfs", "sysfs", "/sys", "nosuid", "noexec", "nodev", "ro");
        if (isOnNetwork()) {
            for (String each : List.of("/etc/resolv.conf", "/etc/hosts")) {
                if (Files.exists(Path.of(each))) {
                    bind(each, each, true);
                }
            }
        }
    }

    private void mountJob() throws IOException {
        if (!launch.script().startsWith(launch.module())) {
            bind(launch.script().toString(), HOME + "script", true);
        }
        bind(launch.module().toString(), HOME + "module", true);
        bind(launch.work().toString(), HOME + "work", false);
        bindVariable("FORMWORK_INPUTS", "inputs.json", true);
        bindVariable("FORMWORK_OUTPUTS", "outputs", false);
        bindVariable("FORMWORK_STATE", "state", false);
        bindVariable("FORMWORK_CACHE", "cache", false);
        // A file that is not there can't be mounted; an empty one asks for nothing.
        String request = launch.environment().get("FORMWORK_REQUEST");
        if (request != null) {
            DurableFile.createPrivate(Path.of(request));
            bind(request, HOME + "request", false);
        }
    }

    private void bindVariable(String name, String at, boolean readOnly) {
        @Nullable String path = launch.environment().get(name);
        if (path != null && Files.exists(Path.of(path))) {
            bind(path, HOME + at, readOnly);
        }
    }

    private void bind(String path, String at, boolean readOnly) {
        mount("bind", path, at, "rbind", readOnly ? "ro" : "rw");
    }

    private void mount(String type, String source, String at, String... options) {
        mounts.add(
                Map.of(
                        "type", type,
                        "source", source,
                        "destination", at,
                        "options", List.of(options)));
    }
}
