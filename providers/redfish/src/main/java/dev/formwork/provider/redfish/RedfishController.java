package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.bmc.BootOverride;
import dev.formwork.provider.bmc.ManagementController;
import dev.formwork.provider.bmc.MarkPlace;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.Resource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One node's controller, by Redfish. Thread-safe.
final class RedfishController implements ManagementController {
    private final ManagedSystem system;
    private final SystemPower power;
    private final SystemBoot boot;
    private final SystemReports reports;
    private final VirtualDrive drive;
    private final SystemFirmware firmware;
    private final Later later;
    private final boolean marks;

    /// @param byHttp the network boot is UEFI HTTP boot
    /// @param marks the asset tag may be ours
    RedfishController(ManagedSystem system, boolean byHttp, boolean marks, Later later) {
        this.system = system;
        this.power = new SystemPower(system);
        this.boot = new SystemBoot(system, byHttp);
        this.reports = new SystemReports(system);
        this.drive = new VirtualDrive(system);
        this.firmware = new SystemFirmware(system);
        this.later = later;
        this.marks = marks;
    }

    VirtualDrive drive() {
        return drive;
    }

    SystemFirmware firmware() {
        return firmware;
    }

    @Override
    public boolean isOn() {
        return power.isOn();
    }

    @Override
    public void switchOn() {
        power.switchOn();
    }

    @Override
    public void switchOff() {
        power.switchOff();
    }

    @Override
    public void pressPowerButton() {
        power.pressButton();
    }

    @Override
    public void reset() {
        power.reset();
    }

    @Override
    public void bootFrom(BootOverride override) {
        boot.from(override);
    }

    @Override
    public void bootByItself() {
        boot.byItself();
        drive.ejectIfThere();
    }

    @Override
    public boolean hasDrive() {
        return true;
    }

    /// The asset tag. One that may not be changed marks nothing: it helps where it can.
    @Override
    public Optional<MarkPlace> markPlace() {
        if (!marks) {
            return Optional.empty();
        }
        return Optional.of(
                new MarkPlace() {
                    @Override
                    public String read() {
                        return system.read().text("AssetTag").orElse("");
                    }

                    @Override
                    public void write(String text) {
                        try {
                            system.change(system.read(), Map.of("AssetTag", text));
                        } catch (ProblemException refused) {
                            if (!refused.code().equals(RedfishCode.REFUSED.code())
                                    && !refused.code().equals(RedfishCode.MISSING.code())) {
                                throw refused;
                            }
                        }
                    }
                });
    }

    @Override
    public Hardware hardware() {
        return reports.hardware();
    }

    @Override
    public MachineInventory inventory() {
        return reports.inventory();
    }

    @Override
    public List<SensorReading> sensors() {
        return reports.sensors();
    }

    @Override
    public List<HardwareEvent> events(int most) {
        return reports.events(most);
    }

    /// Redfish knows no time after which a light goes out: this process puts it out. Where the
    /// process ends before, it blinks on.
    @Override
    public void identify(Duration howLong) {
        if (howLong.isZero()) {
            light(false);
            return;
        }
        light(true);
        later.run(
                howLong,
                () -> {
                    try {
                        light(false);
                    } catch (ProblemException unreachable) {
                        // It blinks on; nothing hangs on it.
                    }
                });
    }

    private void light(boolean on) {
        Resource now = system.read();
        if (now.has("LocationIndicatorActive")) {
            system.change(now, Map.of("LocationIndicatorActive", on));
        } else if (now.has("IndicatorLED")) {
            system.change(now, Map.of("IndicatorLED", on ? "Blinking" : "Off"));
        } else {
            throw ProviderCode.UNSUPPORTED.problem(
                    "%s has no light to find it by".formatted(system.service().name()), null);
        }
    }

    @Override
    public void close() {
        system.service().close();
    }
}
