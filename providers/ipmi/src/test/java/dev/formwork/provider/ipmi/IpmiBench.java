package dev.formwork.provider.ipmi;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.ConsoleFiles;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Steps;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.provider.tck.ProviderContract;
import dev.formwork.provider.tck.SimulatedCrash;
import dev.formwork.testkit.ipmi.SimulatedRack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A rack of simulated nodes. IPMI has no place for a mark, so two engines that know nothing of
/// each other must not be given the same nodes: the other engine has the last two of them.
final class IpmiBench implements ProviderBench {
    private static final int OF_THE_OTHER = 2;

    private final SimulatedRack rack;
    private final Map<String, Value> more;
    private final Path data;
    private final Map<EngineId, InMemoryRecords> records = new HashMap<>();

    /// @param data the provider's data directory
    IpmiBench(SimulatedRack rack, Map<String, Value> more, Path data) {
        this.rack = rack;
        this.more = more;
        this.data = data;
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, Steps::unlessInterrupted);
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, SimulatedCrash.after(steps)::accept);
    }

    private Provider open(EngineId engine, Steps steps) {
        ProviderContext context = context(engine);
        return IpmiProvider.open(
                context, IpmiSettings.read(context).pausing(Duration.ofMillis(10)), steps);
    }

    private ProviderContext context(EngineId engine) {
        int first = engine.equals(ProviderContract.OTHER_ENGINE) ? rack.size() - OF_THE_OTHER : 0;
        int end = engine.equals(ProviderContract.OTHER_ENGINE) ? rack.size() : first();
        Map<String, Value> config = new TreeMap<>();
        config.put("user", Value.of(SimulatedRack.USER));
        config.put("password", new Value.Secret(Value.of(SimulatedRack.PASSWORD)));
        // ipmi_sim has no better one.
        config.put("cipher_suite", Value.of(3));
        config.put("grace_seconds", Value.of(1));
        config.put(
                "nodes", Value.of(IntStream.range(first, end).mapToObj(this::configured).toList()));
        config.putAll(more);
        return new ProviderContext(
                "racks",
                engine,
                data,
                Value.of(config),
                URI.create("http://127.0.0.1:8080/"),
                Optional.empty(),
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                records(engine),
                Clock.systemUTC(),
                new Random(1));
    }

    /// One node as a configuration names it.
    Value configured(int index) {
        return configured(index, Map.of());
    }

    Value configured(int index, Map<String, Value> more) {
        Map<String, Value> node = new TreeMap<>(more);
        node.put("name", Value.of("node-" + index));
        node.put("address", Value.of("127.0.0.1"));
        node.put("port", Value.of(rack.port(index)));
        node.put("macs", Value.of(List.of(Value.of("52:54:00:00:00:%02x".formatted(index)))));
        return Value.of(node);
    }

    Path data() {
        return data;
    }

    private int first() {
        return rack.size() - OF_THE_OTHER;
    }

    InMemoryRecords records(EngineId engine) {
        return records.computeIfAbsent(engine, _ -> new InMemoryRecords());
    }

    /// The node that a machine has.
    int nodeOf(InstanceRef ref) {
        MachineId machine = new MachineId(ref.value().replaceAll("@.*", ""));
        for (EngineId engine : records.keySet()) {
            for (int i = 0; i < rack.size(); i++) {
                Optional<String> whose = records(engine).read("node/node-" + i);
                if (whose.equals(Optional.of(machine.value()))) {
                    return i;
                }
            }
        }
        throw new AssertionError("no node is that of " + machine);
    }

    /// Has a machine's node print, and returns when the one engine that listens has heard it.
    void print(InstanceRef ref, byte[] text) {
        int node = nodeOf(ref);
        Eventually.holds("somebody listens to " + ref, () -> rack.isListenedTo(node));
        ConsoleFiles files = new ConsoleFiles(console(ref));
        try {
            long wanted = end(files) + text.length;
            rack.print(node, text);
            Eventually.holds("it is heard", () -> end(files) >= wanted);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static long end(ConsoleFiles files) throws IOException {
        return files.read(Long.MAX_VALUE, 1).end();
    }

    /// Where what a machine printed is kept.
    Path console(InstanceRef ref) {
        return data.resolve("consoles").resolve(ref.value());
    }

    /// What the store says, and nodes that are on though nobody has them.
    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> remains = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (EngineId engine : List.copyOf(records.keySet())) {
            records(engine)
                    .all()
                    .forEach((key, text) -> {
                        taken.add(key);
                        if ((key + " " + text).contains(machine.value())) {
                            remains.add(key + ": " + text);
                        }
                    });
        }
        for (int i = 0; i < rack.size(); i++) {
            if (rack.isOn(i) && !taken.contains("node/node-" + i)) {
                remains.add("node-" + i + " is on");
            }
        }
        String[] consoles = data.resolve("consoles").toFile().list();
        for (String each : consoles == null ? new String[0] : consoles) {
            if (each.startsWith(machine + "@")) {
                remains.add("console " + each);
            }
        }
        return remains;
    }

    @Override
    public void close() {
        rack.reset();
    }
}
