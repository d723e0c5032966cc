package dev.formwork.provider.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.SensorReading.Health;
import dev.formwork.provider.bmc.Node;
import dev.formwork.provider.bmc.Password;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// What ipmitool 1.8.19 prints, and what becomes of it.
class OutputsTest {
    private static final Node NODE =
            new Node(
                    "n1",
                    "192.0.2.1",
                    623,
                    "ADMIN",
                    Password.of("secret"),
                    Hardware.NONE,
                    true,
                    Set.of(),
                    Map.of());

    @Test
    void readsSensors() {
        List<SensorReading> all =
                SensorList.parse(
                        NODE,
                        """
                        Inlet Temp       | 30h | ok  |  7.1 | 33 degrees C
                        CPU1 Temp        | 31h | ucr |  3.1 | 98.5 degrees C
                        FAN1             | 41h | lnc | 29.1 | 900 RPM
                        PS1 Status       | 51h | ok  | 10.1 | Presence detected
                        FAN2             | 42h | ns  | 29.2 | No Reading
                        """);

        assertThat(all)
                .containsExactly(
                        new SensorReading(
                                "Inlet Temp", OptionalDouble.of(33), "\u00b0C", Health.OK, ""),
                        new SensorReading(
                                "CPU1 Temp",
                                OptionalDouble.of(98.5),
                                "\u00b0C",
                                Health.CRITICAL,
                                ""),
                        new SensorReading(
                                "FAN1", OptionalDouble.of(900), "RPM", Health.WARNING, ""),
                        new SensorReading(
                                "PS1 Status",
                                OptionalDouble.empty(),
                                "",
                                Health.OK,
                                "Presence detected"),
                        new SensorReading(
                                "FAN2", OptionalDouble.empty(), "", Health.UNKNOWN, "No Reading"));
    }

    @Test
    void readsAnEventLog() {
        List<HardwareEvent> all =
                EventList.parse(
                        NODE,
                        """
                           2 |  Pre-Init  |0000015664| Power Supply #0x51 | Failure detected | Asserted
                           a | 11/28/26 | 15:45:58 UTC | Temperature Inlet Temp | Upper Non-critical going high | Asserted | Reading 88 > Threshold 87 degrees C
                           b | 11/28/2026 | 15:46:00 | Power Supply PS1 | Failure detected | Deasserted
                        """);

        assertThat(all).extracting(HardwareEvent::id).containsExactly("2", "a", "b");
        assertThat(all)
                .extracting(HardwareEvent::at)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-11-28T15:45:58Z")),
                        Optional.of(Instant.parse("2026-11-28T15:46:00Z")));
        assertThat(all)
                .extracting(HardwareEvent::health)
                .containsExactly(Health.CRITICAL, Health.WARNING, Health.OK);
        assertThat(all.get(1).source()).isEqualTo("Temperature Inlet Temp");
        assertThat(all.get(1).message())
                .isEqualTo(
                        "Upper Non-critical going high, Asserted, Reading 88 > Threshold 87 degrees"
                                + " C");
        assertThat(EventList.parse(NODE, "SEL has no entries\n")).isEmpty();
    }

    @Test
    void readsWhatANodeIsMadeOf() {
        MachineInventory inventory =
                Fru.parse(
                                """
                                FRU Device Description : Builtin FRU Device (ID 0)
                                 Board Mfg             : ACME
                                 Board Product         : X9: the board
                                 Board Serial          : BRD123
                                 Product Manufacturer  : ACME
                                 Product Name          : Rack 1000
                                 Product Serial        : \u001b[31mSN0001
                                """)
                        .inventory(
                                ControllerInfo.parse(
                                        """
                                        Firmware Revision         : 9.08
                                        Manufacturer ID           : 10876
                                        Manufacturer Name         : Super Micro Computer Inc.
                                        """));

        assertThat(inventory.system().serial()).contains("[31mSN0001");
        assertThat(inventory.system().model()).contains("Rack 1000");
        assertThat(inventory.parts().getFirst().model()).contains("X9: the board");
        assertThat(inventory.firmware())
                .containsExactly(new MachineInventory.Firmware("BMC", "9.08"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a|b|c", "\u0000", "Inlet Temp,,,ns"})
    void takesNothingElseForSensorsOrEvents(String said) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> SensorList.parse(NODE, said))
                .satisfies(e -> assertThat(e.code()).isEqualTo("ipmi.bad-answer"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> EventList.parse(NODE, said))
                .satisfies(e -> assertThat(e.code()).isEqualTo("ipmi.bad-answer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    > RAKP 2 HMAC is invalid                                         | CREDENTIALS
                    RAKP 2 message indicates an error : unauthorized name            | CREDENTIALS
                    Set Chassis Power Control to Up/On failed: Insufficient privilege level | CREDENTIALS
                    Error in open session response message : invalid authentication algorithm | CREDENTIALS
                    Error issuing Get Channel Authentication Capabilities request  Error: Unable to establish IPMI v2 / RMCP+ session | TIMEOUT
                    Address lookup for no.such.host failed                           | UNAVAILABLE
                    Get Chassis Power Status failed: Node busy                       | THROTTLED
                    getsysinfo command failed: Invalid command                       | UNSUPPORTED
                    """)
    void tellsWhyACommandCameToNothing(String said, ProviderCode code) {
        assertThat(IpmiFailure.of(NODE, List.of("mc", "info"), said).code()).isEqualTo(code.code());
    }

    @Test
    void whatNobodyKnowsIsNotAskedAgain() {
        assertThat(IpmiFailure.of(NODE, List.of("mc", "info"), "Boom").code())
                .isEqualTo("ipmi.failed");
    }

    @Test
    void supermicroTakesAnotherSelectorForADiskByUefi() {
        Quirks quirks = Quirks.of(10_876);

        assertThat(quirks.selector(BootDevice.DISK, true)).isEqualTo(0x24);
        assertThat(quirks.selector(BootDevice.DISK, false)).isEqualTo(0x08);
        assertThat(quirks.selector(BootDevice.NETWORK, true)).isEqualTo(0x04);
        assertThat(Quirks.of(674)).isEqualTo(Quirks.NONE);
        assertThat(Quirks.of(674).selector(BootDevice.DISK, true)).isEqualTo(0x08);
    }
}
