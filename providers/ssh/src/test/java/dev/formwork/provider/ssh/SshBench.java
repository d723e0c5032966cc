package dev.formwork.provider.ssh;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Steps;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.provider.tck.SimulatedCrash;
import dev.formwork.testkit.FolderProcesses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Hosts that are OpenSSH servers on loopback addresses, each with a directory of its own, and
/// agents that are a script.
final class SshBench implements ProviderBench {
    private static final int MOST_ADDRESSES = 16;
    private static final List<String> OWN_FILES =
            List.of("FORMWORK_AGENT_DIR=", "FORMWORK_STATE=", "FORMWORK_BOOT_TOKEN_FILE=");

    final Path root;
    final List<SshServer> servers = new ArrayList<>();
    final AgentLaunch agent;
    private final Map<String, Value> settings = new TreeMap<>();
    private URI engineUrl = URI.create("http://127.0.0.1:8080/");

    SshBench(int hosts) {
        this(hosts, standIn());
    }

    SshBench(int hosts, AgentLaunch agent) {
        this.agent = agent;
        root = newRoot();
        try {
            List<String> addresses =
                    IntStream.range(0, hosts)
                            .mapToObj(i -> "127.77.%d.%d".formatted(i / 250, i % 250 + 1))
                            .toList();
            StringBuilder known = new StringBuilder();
            for (int from = 0; from < hosts; from += MOST_ADDRESSES) {
                SshServer server =
                        SshServer.start(
                                root.resolve("sshd"),
                                addresses.subList(from, Math.min(hosts, from + MOST_ADDRESSES)));
                servers.add(server);
                known.append(server.known("ed25519"));
            }
            Files.writeString(root.resolve("known_hosts"), known);
        } catch (IOException failed) {
            close();
            throw new UncheckedIOException(failed);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
        with("known_hosts", Value.of(root.resolve("known_hosts").toString()));
        with("keys", Value.of(List.of(Value.of(root.resolve("sshd/client").toString()))));
        with("ssh_agent", Value.of("none"));
        with("engine_url", Value.of("http://127.0.0.1:8080/"));
        with("grace_seconds", Value.of(1));
        // As long as a machine takes that has much else to do.
        with("connect_seconds", Value.of(60));
        with("seconds", Value.of(300));
        with("hosts", Value.of(hosts()));
    }

    private static Path newRoot() {
        try {
            return Files.createTempDirectory("formwork-ssh-").toRealPath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static AgentLaunch standIn() {
        try {
            Path script =
                    Path.of(
                            Objects.requireNonNull(SshBench.class.getResource("stand-in-agent.sh"))
                                    .toURI());
            return new AgentLaunch(
                    List.of("/bin/sh", script.toString()),
                    Map.of("FORMWORK_CA_FILE", script.toString()));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Changes a setting for providers that are opened from now on.
    SshBench with(String key, Value value) {
        settings.put(key, value);
        return this;
    }

    /// Has providers that are opened from now on know an engine.
    SshBench calling(URI engine) {
        engineUrl = engine;
        return this;
    }

    private List<Value> hosts() {
        List<Value> hosts = new ArrayList<>();
        for (SshServer server : servers) {
            for (String address : server.addresses()) {
                String name = name(hosts.size());
                hosts.add(host(name, address, server.port(), Map.of()));
            }
        }
        return hosts;
    }

    static String name(int index) {
        return "host-%03d".formatted(index);
    }

    Value host(String name, String address, int port, Map<String, Value> more) {
        Map<String, Value> host = new TreeMap<>(more);
        host.put("name", Value.of(name));
        host.put("address", Value.of(address));
        host.put("port", Value.of(port));
        host.put("directory", Value.of(directory(name).toString()));
        return Value.of(host);
    }

    /// Of a host, on this machine.
    Path directory(String host) {
        return root.resolve("hosts").resolve(host);
    }

    Path directory(InstanceRef ref) {
        return directory(HostRef.parse(ref).orElseThrow().host());
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, Steps::unlessInterrupted);
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, SimulatedCrash.after(steps)::accept);
    }

    Provider open(EngineId engine, Steps steps) {
        return open(context(engine), steps);
    }

    /// @param data folder of its own, as on another host
    Provider open(EngineId engine, String data) {
        return open(context(engine, data), Steps::unlessInterrupted);
    }

    private Provider open(ProviderContext context, Steps steps) {
        return SshProvider.open(context, settings(context), steps);
    }

    private SshSettings settings(ProviderContext context) {
        return SshSettings.read(context, Map.of("HOME", root.toString()));
    }

    /// The first host, and what a provider reaches it by.
    HostCalls calls(EngineId engine) {
        return new HostCalls(settings(context(engine)), name(0));
    }

    ProviderContext context(EngineId engine) {
        return context(engine, "data");
    }

    private ProviderContext context(EngineId engine, String data) {
        return new ProviderContext(
                "ssh",
                engine,
                root.resolve(data),
                Value.of(settings),
                engineUrl,
                Optional.empty(),
                List.of(),
                agent,
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random());
    }

    /// What a file says, on whichever host the machine is.
    String read(InstanceRef ref, String file) throws IOException {
        return Files.readString(directory(ref).resolve("machine").resolve(file));
    }

    /// Found by nothing but what is on the disk and what runs, unlike the provider's own way.
    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> remains = new ArrayList<>();
        try (Stream<Path> files =
                Files.exists(root.resolve("hosts"))
                        ? Files.walk(root.resolve("hosts"), 3)
                        : Stream.of()) {
            for (Path file : files.toList()) {
                if (file.endsWith("mark")
                        && Files.readString(file).contains("machine " + machine + "\n")) {
                    remains.add(file.toString());
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        processesOf(machine).forEach(pid -> remains.add("process " + pid));
        return remains;
    }

    /// The ids of the processes that are told that they are this machine's. Of all that run here:
    /// other tests may run at the same time.
    static List<Long> processesOf(MachineId machine) {
        return processes(variable -> variable.equals("FORMWORK_MACHINE_ID=" + machine));
    }

    /// The ids of the processes whose environment names a file of this bench.
    List<Long> processes() {
        return processes(variable ->
                OWN_FILES.stream().anyMatch(own -> variable.startsWith(own + root + "/")));
    }

    private static List<Long> processes(Predicate<String> variable) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> environment(pid).stream().anyMatch(variable))
                .toList();
    }

    private static List<String> environment(long pid) {
        try {
            return List.of(
                    new String(
                                    Files.readAllBytes(Path.of("/proc/" + pid + "/environ")),
                                    StandardCharsets.UTF_8)
                            .split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /// `kill -9`, and waits until it is gone.
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.holds(
                "the process is gone",
                () -> environment(pid).isEmpty() || environment(pid).equals(List.of("")));
    }

    @Override
    public void close() {
        servers.forEach(SshServer::close);
        // A script goes on when its connection ends, and may just be making a folder.
        FolderProcesses.end(root);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
