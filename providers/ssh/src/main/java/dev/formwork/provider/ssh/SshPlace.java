package dev.formwork.provider.ssh;

import dev.formwork.model.EngineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Steps;
import dev.formwork.provider.ssh.inventory.Host;
import dev.formwork.provider.ssh.inventory.Inventory;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// What all capabilities of the provider share: its hosts, and which machines are this engine's.
/// Thread-safe.
final class SshPlace {
    private final String provider;
    private final EngineId engine;
    private final Inventory inventory;
    private final HostCommands commands;
    private final HostStates states;
    private volatile boolean isClosed;

    /// @param provider its name
    SshPlace(
            String provider,
            EngineId engine,
            Inventory inventory,
            HostCommands commands,
            HostStates states) {
        this.provider = provider;
        this.engine = engine;
        this.inventory = inventory;
        this.commands = commands;
        this.states = states;
    }

    String provider() {
        return provider;
    }

    EngineId engine() {
        return engine;
    }

    Inventory inventory() {
        return inventory;
    }

    HostCommands commands() {
        return commands;
    }

    HostStates states() {
        return states;
    }

    void close() {
        isClosed = true;
        states.close();
    }

    /// Called first by each operation.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.closed`, `provider.interrupted`
    void begin(String what) {
        if (isClosed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
        Steps.unlessInterrupted(what);
    }

    /// Whether it is one of a host that is worked without an agent, as the inventory says.
    boolean isWorked(InstanceRef ref) {
        return HostRef.parse(ref)
                .flatMap(named -> inventory.find(named.host()))
                .filter(Host::agentless)
                .isPresent();
    }

    /// The host behind a reference, if its machine is there and this engine's. Of a host that the
    /// inventory does not name nothing is known.
    Optional<HostState> find(InstanceRef ref) {
        Optional<HostRef> parsed = HostRef.parse(ref);
        return parsed.flatMap(named -> inventory.find(named.host()))
                .map(states::of)
                .filter(state -> isOurs(state.mark(), parsed.orElseThrow()));
    }

    private boolean isOurs(@Nullable Mark mark, HostRef ref) {
        return mark != null && mark.engine().equals(engine) && mark.ref().equals(ref.mark());
    }

    /// @throws dev.formwork.model.ProblemException `provider.not-found`
    HostState require(InstanceRef ref) {
        return find(ref)
                .orElseThrow(() ->
                        ProviderCode.NOT_FOUND.problem(
                                "provider %s has no instance %s".formatted(provider, ref), null));
    }

    /// The mark that is known to be there.
    Mark markOf(HostState state) {
        Mark mark = state.mark();
        if (mark == null) {
            throw ProviderCode.NOT_FOUND.problem(
                    "the machine on host %s is gone".formatted(state.host()), null);
        }
        return mark;
    }
}
