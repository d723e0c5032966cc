package dev.formwork.provider.tck;

import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.EventLog;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareControl;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Identify;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.Sensors;
import dev.formwork.provider.VirtualMedia;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A provider that fails on command, and else does what the provider behind it does. Offers what
/// that one offers. Thread-safe.
///
/// ```java
/// broken.breakNext(Operation.CREATE, Moment.AFTER, ProviderCode.TIMEOUT); // the answer is lost
/// ```
public final class BrokenProvider
        implements Provider,
                InstanceLifecycle,
                PowerControl,
                BootControl,
                Console,
                Inventory,
                Sensors,
                EventLog,
                Identify,
                AgentSupervision,
                VirtualMedia,
                FirmwareControl {
    /// What can be made to fail.
    public enum Operation {
        CREATE,
        FIND,
        LIST,
        DELETE,
        POWER,
        POWER_ON,
        POWER_OFF,
        RESET,
        BOOT_SETTING,
        BOOT_ALWAYS,
        BOOT_ONCE,
        READ_CONSOLE,
        INVENTORY,
        SENSORS,
        EVENTS,
        IDENTIFY,
        AGENT_RUNNING,
        RESTART_AGENT,
        TAKE_UP_AGENT,
        INSERTED_MEDIA,
        INSERT_MEDIA,
        EJECT_MEDIA,
        FIRMWARE,
        UPDATE_FIRMWARE,
        FIRMWARE_PROGRESS,
        BIOS,
        SET_BIOS
    }

    /// When it fails.
    public enum Moment {
        /// Nothing is done.
        BEFORE,
        /// All is done, and the answer is lost.
        AFTER
    }

    private record Fault(
            Operation operation, Moment moment, boolean once, Supplier<Throwable> failure) {}

    private final Provider real;
    private final List<Fault> faults = new ArrayList<>();

    public BrokenProvider(Provider real) {
        this.real = real;
    }

    /// The next call of this operation fails so; calls add up.
    public void breakNext(Operation operation, Moment moment, ProviderCode code) {
        add(new Fault(operation, moment, true, () -> problem(operation, code)));
    }

    /// Every call of this operation fails so, until [#mend].
    public void breakAll(Operation operation, Moment moment, ProviderCode code) {
        add(new Fault(operation, moment, false, () -> problem(operation, code)));
    }

    /// The next call of this operation ends as the engine's death would end it.
    public void crashNext(Operation operation, Moment moment) {
        add(new Fault(operation, moment, true, () -> new SimulatedCrash(moment + " " + operation)));
    }

    /// Nothing fails any more.
    public synchronized void mend() {
        faults.clear();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Capabilities capabilities() {
        Capabilities offered = Capabilities.none();
        if (real.capabilities().offers(InstanceLifecycle.class)) {
            offered = offered.with(InstanceLifecycle.class, this);
        }
        if (real.capabilities().offers(PowerControl.class)) {
            offered = offered.with(PowerControl.class, this);
        }
        if (real.capabilities().offers(BootControl.class)) {
            offered = offered.with(BootControl.class, this);
        }
        if (real.capabilities().offers(Console.class)) {
            offered = offered.with(Console.class, this);
        }
        if (real.capabilities().offers(Inventory.class)) {
            offered = offered.with(Inventory.class, this);
        }
        if (real.capabilities().offers(Sensors.class)) {
            offered = offered.with(Sensors.class, this);
        }
        if (real.capabilities().offers(EventLog.class)) {
            offered = offered.with(EventLog.class, this);
        }
        if (real.capabilities().offers(Identify.class)) {
            offered = offered.with(Identify.class, this);
        }
        if (real.capabilities().offers(AgentSupervision.class)) {
            offered = offered.with(AgentSupervision.class, this);
        }
        if (real.capabilities().offers(VirtualMedia.class)) {
            offered = offered.with(VirtualMedia.class, this);
        }
        if (real.capabilities().offers(FirmwareControl.class)) {
            offered = offered.with(FirmwareControl.class, this);
        }
        return offered;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        return call(Operation.CREATE, () -> lifecycle().create(token, request));
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        return call(Operation.FIND, () -> lifecycle().find(ref));
    }

    @Override
    public List<Instance> list() {
        return call(Operation.LIST, () -> lifecycle().list());
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        run(Operation.DELETE, () -> lifecycle().delete(token, ref));
    }

    @Override
    public PowerState power(InstanceRef ref) {
        return call(Operation.POWER, () -> real.capability(PowerControl.class).power(ref));
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        run(Operation.POWER_ON, () -> real.capability(PowerControl.class).powerOn(token, ref));
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        run(Operation.POWER_OFF, () -> real.capability(PowerControl.class).powerOff(token, ref));
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        run(Operation.RESET, () -> real.capability(PowerControl.class).reset(token, ref));
    }

    @Override
    public BootSetting bootSetting(InstanceRef ref) {
        return call(Operation.BOOT_SETTING, () -> boot().bootSetting(ref));
    }

    @Override
    public void bootAlways(OperationToken token, InstanceRef ref, BootDevice device) {
        run(Operation.BOOT_ALWAYS, () -> boot().bootAlways(token, ref, device));
    }

    @Override
    public void bootOnce(OperationToken token, InstanceRef ref, BootDevice device) {
        run(Operation.BOOT_ONCE, () -> boot().bootOnce(token, ref, device));
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        return call(
                Operation.READ_CONSOLE,
                () -> real.capability(Console.class).read(ref, offset, most));
    }

    @Override
    public MachineInventory inventory(InstanceRef ref) {
        return call(Operation.INVENTORY, () -> real.capability(Inventory.class).inventory(ref));
    }

    @Override
    public List<SensorReading> sensors(InstanceRef ref) {
        return call(Operation.SENSORS, () -> real.capability(Sensors.class).sensors(ref));
    }

    @Override
    public List<HardwareEvent> events(InstanceRef ref, int most) {
        return call(Operation.EVENTS, () -> real.capability(EventLog.class).events(ref, most));
    }

    @Override
    public void identify(OperationToken token, InstanceRef ref, Duration howLong) {
        run(
                Operation.IDENTIFY,
                () -> real.capability(Identify.class).identify(token, ref, howLong));
    }

    private BootControl boot() {
        return real.capability(BootControl.class);
    }

    @Override
    public boolean agentRunning(InstanceRef ref) {
        return call(
                Operation.AGENT_RUNNING,
                () -> real.capability(AgentSupervision.class).agentRunning(ref));
    }

    @Override
    public void restartAgent(InstanceRef ref) {
        run(
                Operation.RESTART_AGENT,
                () -> real.capability(AgentSupervision.class).restartAgent(ref));
    }

    @Override
    public void takeUpAgent(InstanceRef ref) {
        run(
                Operation.TAKE_UP_AGENT,
                () -> real.capability(AgentSupervision.class).takeUpAgent(ref));
    }

    @Override
    public Optional<URI> inserted(InstanceRef ref) {
        return call(Operation.INSERTED_MEDIA, () -> media().inserted(ref));
    }

    @Override
    public void insert(OperationToken token, InstanceRef ref, URI image) {
        run(Operation.INSERT_MEDIA, () -> media().insert(token, ref, image));
    }

    @Override
    public void eject(OperationToken token, InstanceRef ref) {
        run(Operation.EJECT_MEDIA, () -> media().eject(token, ref));
    }

    private VirtualMedia media() {
        return real.capability(VirtualMedia.class);
    }

    @Override
    public List<FirmwareComponent> firmware(InstanceRef ref) {
        return call(Operation.FIRMWARE, () -> firmware().firmware(ref));
    }

    @Override
    public FirmwareUpdate update(
            OperationToken token, InstanceRef ref, URI image, Set<String> components) {
        return call(
                Operation.UPDATE_FIRMWARE, () -> firmware().update(token, ref, image, components));
    }

    @Override
    public FirmwareUpdate progress(InstanceRef ref, String id) {
        return call(Operation.FIRMWARE_PROGRESS, () -> firmware().progress(ref, id));
    }

    @Override
    public BiosAttributes bios(InstanceRef ref) {
        return call(Operation.BIOS, () -> firmware().bios(ref));
    }

    @Override
    public void setBios(OperationToken token, InstanceRef ref, Map<String, Value> attributes) {
        run(Operation.SET_BIOS, () -> firmware().setBios(token, ref, attributes));
    }

    private FirmwareControl firmware() {
        return real.capability(FirmwareControl.class);
    }

    @Override
    public void close() {
        real.close();
    }

    private InstanceLifecycle lifecycle() {
        return real.capability(InstanceLifecycle.class);
    }

    private void run(Operation operation, Runnable behind) {
        call(
                operation,
                () -> {
                    behind.run();
                    return true;
                });
    }

    private <T> T call(Operation operation, Supplier<T> behind) {
        failIfTold(operation, Moment.BEFORE);
        T answer = behind.get();
        failIfTold(operation, Moment.AFTER);
        return answer;
    }

    private void failIfTold(Operation operation, Moment moment) {
        Optional<Fault> fault = next(operation, moment);
        if (fault.isPresent()) {
            switch (fault.get().failure().get()) {
                case RuntimeException problem -> throw problem;
                case Error crash -> throw crash;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    private synchronized Optional<Fault> next(Operation operation, Moment moment) {
        for (Iterator<Fault> all = faults.iterator(); all.hasNext(); ) {
            Fault fault = all.next();
            if (fault.operation() == operation && fault.moment() == moment) {
                if (fault.once()) {
                    all.remove();
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private synchronized void add(Fault fault) {
        faults.add(fault);
    }

    private static RuntimeException problem(Operation operation, ProviderCode code) {
        return code.problem("told to fail at " + operation, null);
    }
}
