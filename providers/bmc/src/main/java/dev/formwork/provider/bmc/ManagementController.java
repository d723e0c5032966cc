package dev.formwork.provider.bmc;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.SensorReading;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The management controller of one node: what it can be told and asked, whatever protocol it
/// speaks.
///
/// What holds for every method:
///
/// - It blocks, and ends in bounded time. Many threads may call; the controller sees to it that not
///   more commands are under way at once than the real one takes.
/// - Every command may be given twice.
/// - An interrupted thread gets `provider.interrupted`, and stays interrupted.
/// - What comes from the controller is hostile: bounded and checked here.
/// - It throws [dev.formwork.model.ProblemException] with `provider.timeout`, `.unavailable`,
///   `.throttled`, `.credentials`, `.unsupported`, `.interrupted`, `.closed`, or a code of the
///   provider's own.
public interface ManagementController extends AutoCloseable {
    /// Whether the node has power. Read-only.
    boolean isOn();

    /// Gives the node power. Returns when the controller has taken the command; one that is on is
    /// left alone.
    void switchOn();

    /// Takes the node's power away, at once. Returns when the controller has taken the command.
    void switchOff();

    /// Asks the node to switch itself off, as its power button does (ACPI). It may not do so.
    void pressPowerButton();

    /// Starts a node that is on anew, at once. Returns when the controller has taken the command.
    void reset();

    /// The node's next boot, or every boot from now on, is from this device. Replaces what was set
    /// before. A controller that cannot keep it for always sets it for once.
    void bootFrom(BootOverride override);

    /// The node boots as its firmware is set up: takes back what [#bootFrom] has set.
    void bootByItself();

    /// Whether it offers a virtual drive, so that [#bootFrom] takes
    /// [dev.formwork.provider.BootDevice#MEDIA]. Of the kind of controller, and not looked up.
    default boolean hasDrive() {
        return false;
    }

    /// Where it can keep whose its node is; empty where it has no such place.
    default Optional<MarkPlace> markPlace() {
        return Optional.empty();
    }

    /// Its serial port, where the configuration has it kept. Of the configuration, and not looked
    /// up.
    default Optional<SerialPort> serialPort() {
        return Optional.empty();
    }

    /// What the node is recognised by when it boots, as the controller knows it. [Hardware#NONE]
    /// where it does not. Asked only where the configuration says nothing.
    default Hardware hardware() {
        return Hardware.NONE;
    }

    /// As [dev.formwork.provider.Inventory#inventory].
    MachineInventory inventory();

    /// As [dev.formwork.provider.Sensors#sensors].
    List<SensorReading> sensors();

    /// As [dev.formwork.provider.EventLog#events].
    List<HardwareEvent> events(int most);

    /// As [dev.formwork.provider.Identify#identify].
    void identify(Duration howLong);

    /// Ends sessions and processes. Closing twice does no harm; the node lives on.
    @Override
    void close();
}
