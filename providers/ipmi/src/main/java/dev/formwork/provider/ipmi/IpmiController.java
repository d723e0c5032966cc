package dev.formwork.provider.ipmi;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.bmc.BootOverride;
import dev.formwork.provider.bmc.ManagementController;
import dev.formwork.provider.bmc.SerialPort;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The controller of one node, told and asked by `ipmitool`. Thread-safe.
///
/// It has no place for a mark: IPMI's system information parameters and DCMI's asset tag are
/// offered by some controllers only, and both belong to the node's owner.
final class IpmiController implements ManagementController {
    private static final int VALID = 0x80;
    private static final int ALWAYS = 0x40;
    private static final int UEFI = 0x20;

    private final Ipmitool ipmitool;
    private final boolean keepsConsole;
    private volatile @Nullable Quirks quirks;

    /// @param keepsConsole what the node prints is wanted
    IpmiController(Ipmitool ipmitool, boolean keepsConsole) {
        this.ipmitool = ipmitool;
        this.keepsConsole = keepsConsole;
    }

    @Override
    public boolean isOn() {
        String said = ipmitool.run("chassis", "power", "status").strip();
        return switch (said) {
            case "Chassis Power is on" -> true;
            case "Chassis Power is off" -> false;
            default -> throw IpmiFailure.badAnswer(ipmitool.node(), "its power", said);
        };
    }

    @Override
    public void switchOn() {
        String _ = ipmitool.run("chassis", "power", "on");
    }

    @Override
    public void switchOff() {
        String _ = ipmitool.run("chassis", "power", "off");
    }

    @Override
    public void pressPowerButton() {
        String _ = ipmitool.run("chassis", "power", "soft");
    }

    @Override
    public void reset() {
        String _ = ipmitool.run("chassis", "power", "reset");
    }

    @Override
    public void bootFrom(BootOverride override) {
        keepFlags();
        int flags = VALID | (override.always() ? ALWAYS : 0) | (override.uefi() ? UEFI : 0);
        setFlags(flags, quirks().selector(override.device(), override.uefi()));
    }

    @Override
    public void bootByItself() {
        setFlags(VALID, 0);
    }

    /// Else they are gone after a minute (parameter 3, bit 3).
    private void keepFlags() {
        try {
            String _ = ipmitool.run("raw", "0x00", "0x08", "0x03", "0x08");
        } catch (ProblemException refused) {
            boolean isRefused =
                    refused.code().equals(ProviderCode.UNSUPPORTED.code())
                            || refused.code().equals("ipmi.failed");
            if (!isRefused) {
                throw refused;
            }
        }
    }

    /// IPMI 2.0, table 28-14, parameter 5.
    private void setFlags(int first, int selector) {
        String _ =
                ipmitool.run(
                        "raw",
                        "0x00",
                        "0x08",
                        "0x05",
                        "0x%02x".formatted(first),
                        "0x%02x".formatted(selector),
                        "0x00",
                        "0x00",
                        "0x00");
    }

    private Quirks quirks() {
        Quirks known = quirks;
        if (known == null) {
            known = Quirks.of(ControllerInfo.parse(ipmitool.run("mc", "info")).manufacturer());
            quirks = known;
        }
        return known;
    }

    @Override
    public MachineInventory inventory() {
        ControllerInfo info = ControllerInfo.parse(ipmitool.run("mc", "info"));
        String fru;
        try {
            fru = ipmitool.run("fru", "print", "0");
        } catch (ProblemException refused) {
            // It has none, or one that ipmitool cannot read; what the controller says is something.
            if (!refused.code().equals("ipmi.failed")
                    && !refused.code().equals(ProviderCode.UNSUPPORTED.code())) {
                throw refused;
            }
            fru = "";
        }
        return Fru.parse(fru).inventory(info);
    }

    @Override
    public List<SensorReading> sensors() {
        return SensorList.parse(ipmitool.node(), ipmitool.run("sdr", "elist", "all"));
    }

    @Override
    public List<HardwareEvent> events(int most) {
        return EventList.parse(
                ipmitool.node(), ipmitool.run("sel", "elist", "last", Integer.toString(most)));
    }

    @Override
    public Optional<SerialPort> serialPort() {
        return keepsConsole ? Optional.of(new SerialOverLan(ipmitool)) : Optional.empty();
    }

    @Override
    public void identify(Duration howLong) {
        String _ = ipmitool.run("chassis", "identify", Long.toString(howLong.toSeconds()));
    }

    @Override
    public void close() {
        ipmitool.close();
    }
}
