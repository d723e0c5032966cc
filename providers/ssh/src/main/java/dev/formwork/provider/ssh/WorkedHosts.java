package dev.formwork.provider.ssh;

import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.transport.Engines;
import dev.formwork.agent.transport.KnownEngines;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Steps;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The hosts without an agent, whose machines are worked from here: those that are made here, and
/// those that the engine has taken up. Thread-safe.
final class WorkedHosts implements AutoCloseable {
    private final SshPlace place;
    private final URI engine;
    private final Path folder;
    private final Steps steps;
    private final Map<String, WorkedHost> hosts = new ConcurrentHashMap<>();
    private @Nullable ModuleCache cache;

    /// @param engine where it is called
    /// @param folder for copies of what is on the hosts
    WorkedHosts(SshPlace place, URI engine, Path folder, Steps steps) {
        this.place = place;
        this.engine = engine;
        this.folder = folder;
        this.steps = steps;
    }

    /// Makes a machine of the host, unless that is done, and works it.
    void start(HostState state, Mark mark, BootToken token) {
        Host host = state.host();
        if (!state.has("ready")) {
            steps.next("write the boot token");
            place.commands().furnish(host, mark, token);
        }
        if (!state.has("worked") || !of(host).isWorking(mark)) {
            steps.next("take the machine");
            take(host, mark);
        }
    }

    /// From now on the machine is worked from here, unless it is already.
    void takeUp(Host host, Mark mark) {
        if (!of(host).has(mark)) {
            take(host, mark);
        }
    }

    /// From now on the machine is worked from here, whoever did before.
    void take(Host host, Mark mark) {
        try {
            of(host).take(mark, cache());
        } catch (IOException e) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "%s cannot be written: %s".formatted(folder, e.getMessage()),
                    "see the engine's disk",
                    e);
        }
    }

    /// One for all hosts, so that no two fetch the same module at once.
    private synchronized ModuleCache cache() throws IOException {
        ModuleCache opened = cache;
        if (opened == null) {
            opened = ModuleCache.open(modules(), new Engines(KnownEngines.only(engine), null));
            cache = opened;
        }
        return opened;
    }

    /// Works on the host no longer.
    void leave(Host host) {
        WorkedHost worked = hosts.get(host.name());
        if (worked != null) {
            worked.leave();
        }
    }

    private WorkedHost of(Host host) {
        return hosts.computeIfAbsent(
                host.name(),
                name ->
                        new WorkedHost(
                                host,
                                place.commands(),
                                engine,
                                folder.resolve("hosts").resolve(name),
                                modules()));
    }

    private Path modules() {
        return folder.resolve("modules");
    }

    /// Jobs go on.
    @Override
    public void close() {
        hosts.values().forEach(WorkedHost::close);
    }
}
