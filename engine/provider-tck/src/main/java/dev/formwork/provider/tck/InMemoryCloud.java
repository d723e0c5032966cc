package dev.formwork.provider.tck;

import dev.formwork.model.EngineId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.MachineInventory.Firmware;
import dev.formwork.provider.MachineInventory.Part;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.SensorReading.Health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;

/// A place that machines come from, without a host: what outlives the [InMemoryProvider]s that are
/// opened on it. For the tests of whoever uses providers; also lets a test do what happens to
/// machines behind a provider's back. Thread-safe.
public final class InMemoryCloud {
    private final Map<InstanceRef, Entry> entries = new LinkedHashMap<>();
    private final Clock clock;
    private final Consumer<InstanceRequest> onMade;
    private int made;

    public InMemoryCloud(Clock clock) {
        this(clock, _ -> {});
    }

    /// @param onMade told of each instance once, when it is made, by the thread that made it: who
    ///   plays agents lets one begin
    public InMemoryCloud(Clock clock, Consumer<InstanceRequest> onMade) {
        this.clock = clock;
        this.onMade = onMade;
    }

    /// One instance. What changes is guarded by the cloud.
    private static final class Entry {
        private final EngineId engine;
        private final OperationToken token;
        private final InstanceRequest request;
        private Instance instance;
        private final InMemoryConsole console = new InMemoryConsole();
        private final InMemoryBoard board = new InMemoryBoard();
        private BootDevice boots = BootDevice.NETWORK;
        private Optional<BootDevice> bootsOnce = Optional.empty();
        private boolean switchedOff;
        private boolean agentRuns = true;
        private int agentStarts = 1;
        private int agentTakenUp;
        private final List<HardwareEvent> events = new ArrayList<>();
        private Instant blinksUntil = Instant.EPOCH;

        private Entry(
                EngineId engine, OperationToken token, InstanceRequest request, Instance instance) {
            this.engine = engine;
            this.token = token;
            this.request = request;
            this.instance = instance;
        }
    }

    /// Opens a provider on this cloud.
    public InMemoryProvider open(String name, EngineId engine) {
        return new InMemoryProvider(this, name, engine);
    }

    /// A factory of type `memory` whose providers are all on this cloud.
    public ProviderFactory factory() {
        return new ProviderFactory() {
            @Override
            public String type() {
                return "memory";
            }

            @Override
            public Provider open(ProviderContext context) {
                return InMemoryCloud.this.open(context.name(), context.engine());
            }
        };
    }

    /// Every instance of every engine, in the order in which they were made.
    public synchronized List<Instance> instances() {
        return entries.values().stream().map(entry -> entry.instance).toList();
    }

    /// What an instance was made from: its boot token too, for a test that plays the agent.
    public synchronized InstanceRequest requestOf(InstanceRef ref) {
        return known(ref).request;
    }

    /// How often the instance's agent was started.
    public synchronized int agentStarts(InstanceRef ref) {
        return known(ref).agentStarts;
    }

    /// How often an engine was told that it looks after the instance's agent from now on.
    public synchronized int agentTakenUp(InstanceRef ref) {
        return known(ref).agentTakenUp;
    }

    /// An instance goes, and no one says so.
    public synchronized void vanish(InstanceRef ref) {
        known(ref);
        entries.remove(ref);
    }

    /// An instance stops, and no one says so.
    public synchronized void stop(InstanceRef ref) {
        move(known(ref), InstanceState.STOPPED);
    }

    /// An instance prints on its console.
    public synchronized void print(InstanceRef ref, byte[] text) {
        known(ref).console.print(text);
    }

    /// The hardware of an instance notes something.
    public synchronized void note(InstanceRef ref, String message) {
        Entry entry = known(ref);
        entry.events.add(
                new HardwareEvent(
                        Integer.toString(entry.events.size() + 1),
                        Optional.of(clock.instant()),
                        "System",
                        message,
                        Health.OK));
    }

    /// Whether an instance's light blinks.
    public synchronized boolean blinks(InstanceRef ref) {
        return clock.instant().isBefore(known(ref).blinksUntil);
    }

    /// An instance's agent ends, and no one says so.
    public synchronized void crashAgent(InstanceRef ref) {
        known(ref).agentRuns = false;
    }

    Instance create(EngineId engine, OperationToken token, InstanceRequest request) {
        Made answer = made(engine, token, request);
        if (answer.isNew()) {
            onMade.accept(request);
        }
        return answer.instance();
    }

    private record Made(Instance instance, boolean isNew) {}

    private synchronized Made made(EngineId engine, OperationToken token, InstanceRequest request) {
        for (Entry entry : entries.values()) {
            boolean sameToken = entry.engine.equals(engine) && entry.token.equals(token);
            boolean sameMachine = entry.instance.machine().equals(request.machine());
            if (sameToken && sameMachine) {
                return new Made(entry.instance, false);
            }
            if (sameToken || sameMachine) {
                throw ProviderCode.CONFLICT.problem(
                        "machine %s has an instance under token %s"
                                .formatted(entry.instance.machine(), entry.token),
                        "delete it first");
            }
        }
        made++;
        Instance instance =
                new Instance(
                        new InstanceRef("memory-" + made),
                        request.machine(),
                        request.name(),
                        "198.18.%d.%d".formatted(made / 254 % 256, made % 254 + 1),
                        InstanceState.RUNNING,
                        clock.instant(),
                        request.labels(),
                        Hardware.NONE);
        entries.put(instance.ref(), new Entry(engine, token, request, instance));
        return new Made(instance, true);
    }

    synchronized Optional<Instance> find(EngineId engine, InstanceRef ref) {
        return entry(engine, ref).map(entry -> entry.instance);
    }

    synchronized List<Instance> list(EngineId engine) {
        List<Instance> ours = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.engine.equals(engine)) {
                ours.add(entry.instance);
            }
        }
        return ours;
    }

    synchronized void delete(EngineId engine, InstanceRef ref) {
        if (entry(engine, ref).isPresent()) {
            entries.remove(ref);
        }
    }

    synchronized PowerState power(EngineId engine, InstanceRef ref) {
        Entry entry = required(engine, ref);
        if (entry.instance.state() == InstanceState.RUNNING) {
            return PowerState.ON;
        }
        return entry.switchedOff ? PowerState.OFF : PowerState.LOST;
    }

    synchronized ConsoleText console(EngineId engine, InstanceRef ref, long offset, int most) {
        return required(engine, ref).console.read(offset, most);
    }

    synchronized MachineInventory inventory(EngineId engine, InstanceRef ref) {
        Instance instance = required(engine, ref).instance;
        return new MachineInventory(
                new Part(
                        "system",
                        instance.name(),
                        Optional.of("Formwork"),
                        Optional.of("In memory"),
                        Optional.empty(),
                        Optional.of(ref.value())),
                List.of(),
                List.of(new Firmware("BIOS", "1.0")));
    }

    synchronized List<SensorReading> sensors(EngineId engine, InstanceRef ref) {
        boolean isOn = required(engine, ref).instance.state() == InstanceState.RUNNING;
        return List.of(
                new SensorReading("Inlet Temp", OptionalDouble.of(21.5), "\u00b0C", Health.OK, ""),
                new SensorReading("Power", OptionalDouble.of(isOn ? 120 : 4), "W", Health.OK, ""));
    }

    synchronized List<HardwareEvent> events(EngineId engine, InstanceRef ref, int most) {
        List<HardwareEvent> all = required(engine, ref).events;
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    synchronized void identify(EngineId engine, InstanceRef ref, Duration howLong) {
        required(engine, ref).blinksUntil = clock.instant().plus(howLong);
    }

    synchronized BootSetting bootSetting(EngineId engine, InstanceRef ref) {
        Entry entry = required(engine, ref);
        return new BootSetting(entry.boots, entry.bootsOnce);
    }

    synchronized void bootAlways(EngineId engine, InstanceRef ref, BootDevice device) {
        Entry entry = required(engine, ref);
        if (device == BootDevice.MEDIA) {
            throw ProviderCode.UNSUPPORTED.problem(
                    "a machine boots from its drive once, not always", "boot from it once");
        }
        entry.boots = device;
    }

    /// Asks the board of an instance, or changes it.
    synchronized <T> T board(EngineId engine, InstanceRef ref, Function<InMemoryBoard, T> use) {
        return use.apply(required(engine, ref).board);
    }

    synchronized void bootOnce(EngineId engine, InstanceRef ref, BootDevice device) {
        required(engine, ref).bootsOnce = Optional.of(device);
    }

    synchronized void power(EngineId engine, InstanceRef ref, boolean on) {
        Entry entry = required(engine, ref);
        boolean wasOn = entry.instance.state() == InstanceState.RUNNING;
        move(entry, on ? InstanceState.RUNNING : InstanceState.STOPPED);
        entry.agentRuns = on && (!wasOn || entry.agentRuns);
        entry.switchedOff = !on;
        if (on && !wasOn) {
            entry.agentStarts++;
            entry.bootsOnce = Optional.empty();
            entry.board.reset();
        }
    }

    synchronized void reset(EngineId engine, InstanceRef ref) {
        Entry entry = requiredOn(engine, ref);
        entry.agentRuns = true;
        entry.agentStarts++;
        entry.bootsOnce = Optional.empty();
        entry.board.reset();
    }

    synchronized boolean agentRuns(EngineId engine, InstanceRef ref) {
        Entry entry = required(engine, ref);
        return entry.agentRuns && entry.instance.state() == InstanceState.RUNNING;
    }

    synchronized void restartAgent(EngineId engine, InstanceRef ref) {
        Entry entry = requiredOn(engine, ref);
        entry.agentRuns = true;
        entry.agentStarts++;
    }

    synchronized void takeUpAgent(EngineId engine, InstanceRef ref) {
        required(engine, ref).agentTakenUp++;
    }

    private Entry requiredOn(EngineId engine, InstanceRef ref) {
        Entry entry = required(engine, ref);
        if (entry.instance.state() != InstanceState.RUNNING) {
            throw ProviderCode.CONFLICT.problem("instance %s is off".formatted(ref), "power it on");
        }
        return entry;
    }

    private static void move(Entry entry, InstanceState state) {
        Instance was = entry.instance;
        entry.instance =
                new Instance(
                        was.ref(),
                        was.machine(),
                        was.name(),
                        was.address(),
                        state,
                        was.createdAt(),
                        was.labels(),
                        was.hardware(),
                        was.cards());
    }

    private Optional<Entry> entry(EngineId engine, InstanceRef ref) {
        return Optional.ofNullable(entries.get(ref)).filter(entry -> entry.engine.equals(engine));
    }

    private Entry required(EngineId engine, InstanceRef ref) {
        return entry(engine, ref)
                .orElseThrow(() ->
                        ProviderCode.NOT_FOUND.problem(
                                "engine %s has no instance %s".formatted(engine, ref), null));
    }

    private Entry known(InstanceRef ref) {
        return Optional.ofNullable(entries.get(ref))
                .orElseThrow(() -> new IllegalArgumentException("no instance " + ref));
    }
}
