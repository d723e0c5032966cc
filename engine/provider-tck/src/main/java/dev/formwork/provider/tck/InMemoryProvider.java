package dev.formwork.provider.tck;

import dev.formwork.model.EngineId;
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
import dev.formwork.provider.Settings;
import dev.formwork.provider.VirtualMedia;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A provider on an [InMemoryCloud], which passes the whole kit. Its spec takes one key, `size`, a
/// text that it ignores. Thread-safe.
public final class InMemoryProvider
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
    private final InMemoryCloud cloud;
    private final String name;
    private final EngineId engine;
    private volatile boolean closed;

    InMemoryProvider(InMemoryCloud cloud, String name, EngineId engine) {
        this.cloud = cloud;
        this.name = name;
        this.engine = engine;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.none()
                .with(InstanceLifecycle.class, this)
                .with(PowerControl.class, this)
                .with(BootControl.class, this)
                .with(Console.class, this)
                .with(Inventory.class, this)
                .with(Sensors.class, this)
                .with(EventLog.class, this)
                .with(Identify.class, this)
                .with(AgentSupervision.class, this)
                .with(VirtualMedia.class, this)
                .with(FirmwareControl.class, this);
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        checkOpen();
        Settings spec = Settings.spec(name, request.spec());
        spec.text("size");
        spec.finish();
        return cloud.create(engine, token, request);
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        checkOpen();
        return cloud.find(engine, ref);
    }

    @Override
    public List<Instance> list() {
        checkOpen();
        return cloud.list(engine);
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        checkOpen();
        cloud.delete(engine, ref);
    }

    @Override
    public PowerState power(InstanceRef ref) {
        checkOpen();
        return cloud.power(engine, ref);
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        checkOpen();
        cloud.power(engine, ref, true);
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        checkOpen();
        cloud.power(engine, ref, false);
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        checkOpen();
        cloud.reset(engine, ref);
    }

    @Override
    public BootSetting bootSetting(InstanceRef ref) {
        checkOpen();
        return cloud.bootSetting(engine, ref);
    }

    @Override
    public void bootAlways(OperationToken token, InstanceRef ref, BootDevice device) {
        checkOpen();
        cloud.bootAlways(engine, ref, device);
    }

    @Override
    public void bootOnce(OperationToken token, InstanceRef ref, BootDevice device) {
        checkOpen();
        cloud.bootOnce(engine, ref, device);
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        checkOpen();
        return cloud.console(engine, ref, offset, most);
    }

    @Override
    public MachineInventory inventory(InstanceRef ref) {
        checkOpen();
        return cloud.inventory(engine, ref);
    }

    @Override
    public List<SensorReading> sensors(InstanceRef ref) {
        checkOpen();
        return cloud.sensors(engine, ref);
    }

    @Override
    public List<HardwareEvent> events(InstanceRef ref, int most) {
        checkOpen();
        return cloud.events(engine, ref, most);
    }

    @Override
    public void identify(OperationToken token, InstanceRef ref, Duration howLong) {
        checkOpen();
        cloud.identify(engine, ref, howLong);
    }

    @Override
    public boolean agentRunning(InstanceRef ref) {
        checkOpen();
        return cloud.agentRuns(engine, ref);
    }

    @Override
    public void restartAgent(InstanceRef ref) {
        checkOpen();
        cloud.restartAgent(engine, ref);
    }

    @Override
    public void takeUpAgent(InstanceRef ref) {
        checkOpen();
        cloud.takeUpAgent(engine, ref);
    }

    @Override
    public Optional<URI> inserted(InstanceRef ref) {
        checkOpen();
        return cloud.board(engine, ref, InMemoryBoard::image);
    }

    @Override
    public void insert(OperationToken token, InstanceRef ref, URI image) {
        change(
                ref,
                board -> {
                    VirtualMedia.requireImage(image);
                    board.insert(image);
                });
    }

    @Override
    public void eject(OperationToken token, InstanceRef ref) {
        change(ref, InMemoryBoard::eject);
    }

    @Override
    public List<FirmwareComponent> firmware(InstanceRef ref) {
        checkOpen();
        return cloud.board(engine, ref, InMemoryBoard::firmware);
    }

    @Override
    public FirmwareUpdate update(
            OperationToken token, InstanceRef ref, URI image, Set<String> components) {
        checkOpen();
        return cloud.board(
                engine,
                ref,
                board -> {
                    VirtualMedia.requireImage(image);
                    return board.update(token, image, components);
                });
    }

    @Override
    public FirmwareUpdate progress(InstanceRef ref, String id) {
        checkOpen();
        return cloud.board(engine, ref, board -> board.progress(id));
    }

    @Override
    public BiosAttributes bios(InstanceRef ref) {
        checkOpen();
        return cloud.board(engine, ref, InMemoryBoard::bios);
    }

    @Override
    public void setBios(OperationToken token, InstanceRef ref, Map<String, Value> attributes) {
        change(ref, board -> board.setBios(attributes));
    }

    private void change(InstanceRef ref, Consumer<InMemoryBoard> change) {
        checkOpen();
        boolean _ =
                cloud.board(
                        engine,
                        ref,
                        board -> {
                            change.accept(board);
                            return true;
                        });
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(name), null);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem("the operation was interrupted", null);
        }
    }
}
