package dev.formwork.provider;

import dev.formwork.model.EngineId;
import dev.formwork.model.Names;
import dev.formwork.model.value.Value;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What the engine hands to a provider when it opens it. Time and chance come from here, so that a
/// test can set them.
///
/// @param name what the configuration calls this provider
/// @param engine whose machines these are: every machine is marked with it, and nothing without the
///   mark is ever touched
/// @param dataDirectory for this provider alone, on this host; may not exist yet. It is a cache, or
///   the place itself (as for `local`), never the only record of a cloud's machines
/// @param config the provider's part of the configuration, secrets resolved
/// @param engineUrl where an agent on this host finds the engine
/// @param bootUrl where a machine that boots from the network finds its first script, as this host
///   sees it, such as `http://127.0.0.1:7475/boot.ipxe`; empty where no boot server runs here
/// @param machineUrls where an agent on another host finds the engine, by TLS, the likeliest first;
///   empty where no other host can call it. Under which CA, [AgentLaunch#environment] says
/// @param agent how to start an agent, for a provider that hosts agents itself
/// @param install how a machine elsewhere gets its agent by itself
/// @param records what this provider keeps in the engine's store
/// @param clock for timestamps and time limits
/// @param random for names and delays; good enough for secrets
public record ProviderContext(
        String name,
        EngineId engine,
        Path dataDirectory,
        Value.Struct config,
        URI engineUrl,
        Optional<URI> bootUrl,
        List<URI> machineUrls,
        AgentLaunch agent,
        AgentInstall install,
        ProviderRecords records,
        Clock clock,
        RandomGenerator random) {

    public ProviderContext {
        if (!Names.LABEL.matcher(name).matches()) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "not a name for a provider: " + Names.abbreviate(name),
                    "lower-case letters, digits and dashes, at most 63");
        }
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        machineUrls = List.copyOf(machineUrls);
    }
}
