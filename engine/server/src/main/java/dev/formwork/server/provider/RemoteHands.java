package dev.formwork.server.provider;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.Capability;
import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.EventLog;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareControl;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Identify;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.Sensors;
import dev.formwork.provider.VirtualMedia;
import dev.formwork.workflow.machine.Machine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// Does at a machine what a person would do who stands before it: presses its buttons, looks at its
/// screen. By its provider, beside whatever runs on it. Thread-safe.
public final class RemoteHands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteHands.class);
    private static final int AT_A_TIME = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private final Supplier<Providers> providers;
    private final ProviderCalls calls = new ProviderCalls(AT_A_TIME);

    public RemoteHands(Supplier<Providers> providers) {
        this.providers = providers;
    }

    /// What can be done to the power of a machine.
    public enum Button {
        ON,
        OFF,
        RESET
    }

    /// Whether the machine is on.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public PowerState power(Machine machine) {
        return call(
                machine, PowerControl.class, "look for power", power -> power.power(ref(machine)));
    }

    /// Does it, and says what the machine is afterwards.
    ///
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public PowerState press(Machine machine, Button button, String who) {
        InstanceRef ref = ref(machine);
        PowerState state =
                call(
                        machine,
                        PowerControl.class,
                        "press " + button,
                        power -> {
                            switch (button) {
                                case ON -> power.powerOn(token(), ref);
                                case OFF -> power.powerOff(token(), ref);
                                case RESET -> power.reset(token(), ref);
                            }
                            return power.power(ref);
                        });
        LOG.info("{} pressed {} of {}: it is {}", who, button, machine.name(), state);
        return state;
    }

    /// What the machine printed on its console, from an offset on.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public ConsoleText console(Machine machine, long offset, int most) {
        return call(
                machine,
                Console.class,
                "read the console",
                console -> console.read(ref(machine), offset, most));
    }

    /// What the machine is made of.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public MachineInventory inventory(Machine machine) {
        return call(
                machine,
                Inventory.class,
                "take the inventory",
                inventory -> inventory.inventory(ref(machine)));
    }

    /// What the machine measures about itself.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public List<SensorReading> sensors(Machine machine) {
        return call(
                machine,
                Sensors.class,
                "read the sensors",
                sensors -> sensors.sensors(ref(machine)));
    }

    /// What the machine's hardware has noted, the newest.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public List<HardwareEvent> events(Machine machine, int most) {
        return call(
                machine,
                EventLog.class,
                "read the event log",
                log -> log.events(ref(machine), most));
    }

    /// Lets the machine's light blink for a while; for none, puts it out.
    ///
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public void identify(Machine machine, Duration howLong, String who) {
        InstanceRef ref = ref(machine);
        boolean _ =
                call(
                        machine,
                        Identify.class,
                        "switch the light",
                        identify -> {
                            identify.identify(token(), ref, howLong);
                            return true;
                        });
        LOG.info("{} lets {} be found for {} s", who, machine.name(), howLong.toSeconds());
    }

    /// What the machine boots from.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public BootSetting bootSetting(Machine machine) {
        return call(
                machine,
                BootControl.class,
                "look what it boots from",
                boot -> boot.bootSetting(ref(machine)));
    }

    /// The machine boots from this device, from now on or the next time, and says what is set then.
    ///
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public BootSetting bootFrom(Machine machine, BootDevice device, boolean once, String who) {
        InstanceRef ref = ref(machine);
        BootSetting set =
                call(
                        machine,
                        BootControl.class,
                        "set what it boots from",
                        boot -> {
                            if (once) {
                                boot.bootOnce(token(), ref, device);
                            } else {
                                boot.bootAlways(token(), ref, device);
                            }
                            return boot.bootSetting(ref);
                        });
        LOG.info(
                "{} has {} boot from {} {}",
                who,
                machine.name(),
                device,
                once ? "once" : "from now on");
        return set;
    }

    /// The image that is in the machine's virtual drive.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public Optional<URI> inserted(Machine machine) {
        return call(
                machine,
                VirtualMedia.class,
                "look into the virtual drive",
                drive -> drive.inserted(ref(machine)));
    }

    /// Puts an image into the machine's virtual drive, or takes out what is there; says what is in
    /// it then.
    ///
    /// @param image empty for none
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public Optional<URI> insert(Machine machine, Optional<URI> image, String who) {
        InstanceRef ref = ref(machine);
        Optional<URI> inserted =
                call(
                        machine,
                        VirtualMedia.class,
                        "change what is in the virtual drive",
                        drive -> {
                            image.ifPresentOrElse(
                                    address -> drive.insert(token(), ref, address),
                                    () -> drive.eject(token(), ref));
                            return drive.inserted(ref);
                        });
        LOG.info(
                "{} has {} in the virtual drive of {}",
                who,
                image.map(URI::toString).orElse("nothing"),
                machine.name());
        return inserted;
    }

    /// What firmware the machine has.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public List<FirmwareComponent> firmware(Machine machine) {
        return call(
                machine,
                FirmwareControl.class,
                "look at the firmware",
                firmware -> firmware.firmware(ref(machine)));
    }

    /// Begins to replace firmware of the machine.
    ///
    /// @param components empty where the place is to find out what the image is for
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public FirmwareUpdate updateFirmware(
            Machine machine, URI image, Set<String> components, String who) {
        FirmwareUpdate update =
                call(
                        machine,
                        FirmwareControl.class,
                        "update the firmware",
                        firmware -> firmware.update(token(), ref(machine), image, components));
        LOG.info("{} updates {} of {} by {}", who, components, machine.name(), image);
        return update;
    }

    /// How far an update is.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public FirmwareUpdate firmwareUpdate(Machine machine, String id) {
        return call(
                machine,
                FirmwareControl.class,
                "look at an update",
                firmware -> firmware.progress(ref(machine), id));
    }

    /// The settings of the machine's BIOS.
    ///
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public BiosAttributes bios(Machine machine) {
        return call(
                machine,
                FirmwareControl.class,
                "look at the BIOS",
                firmware -> firmware.bios(ref(machine)));
    }

    /// Sets some of them, from the next reset on, and says what there is then.
    ///
    /// @param who asks for it
    /// @throws ProblemException `machine.no-instance`, `provider.*`
    public BiosAttributes setBios(Machine machine, Map<String, Value> attributes, String who) {
        InstanceRef ref = ref(machine);
        BiosAttributes set =
                call(
                        machine,
                        FirmwareControl.class,
                        "set the BIOS",
                        firmware -> {
                            firmware.setBios(token(), ref, attributes);
                            return firmware.bios(ref);
                        });
        LOG.info(
                "{} sets {} in the BIOS of {}",
                who,
                attributes.keySet().stream().map(Names::abbreviate).sorted().toList(),
                machine.name());
        return set;
    }

    private <C extends Capability, T> T call(
            Machine machine, Class<C> kind, String what, Function<C, T> operation) {
        String provider = machine.provider().orElseThrow(() -> noInstance(machine));
        C capability = providers.get().require(provider).capability(kind);
        return calls.call(
                provider,
                what + " of " + machine.name(),
                PATIENCE,
                () -> operation.apply(capability));
    }

    private static InstanceRef ref(Machine machine) {
        return new InstanceRef(machine.instance().orElseThrow(() -> noInstance(machine)));
    }

    private static ProblemException noInstance(Machine machine) {
        return ProblemException.of(
                "machine.no-instance",
                "machine %s is not one that a provider has".formatted(machine.name()),
                "only machines that a provider made, and has not removed, have power and a console");
    }

    /// Each wish is one of its own.
    static OperationToken token() {
        return new OperationToken(UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        calls.close();
    }
}
