package dev.formwork.provider.ipmi;

import static dev.formwork.provider.tck.ProviderContract.ENGINE;
import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.testkit.ipmi.SimulatedRack;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// What goes wrong between us and real (simulated) controllers.
class IpmiControllersIT {
    @TempDir private Path folder;
    private SimulatedRack rack = new SimulatedRack(4);

    @BeforeEach
    void reset() {
        rack.reset();
    }

    @AfterEach
    void stop() {
        rack.close();
    }

    private IpmiBench bench(Map<String, Value> more) {
        return new IpmiBench(rack, more, folder);
    }

    private Provider open(Map<String, Value> more) {
        return bench(more).open(ENGINE);
    }

    private static InstanceRequest request(String... nodes) {
        return new InstanceRequest(
                new MachineId("m-1"),
                "demo-members-0",
                new BootToken("boot-token"),
                Map.of(),
                Value.of(
                        Map.of(
                                "nodes",
                                Value.of(List.of(nodes).stream().map(Value::of).toList()))));
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    @Test
    void startsFromTheNetworkAndSaysHowTheMachineIsRecognised() {
        try (Provider provider = open(Map.of())) {
            Instance made = lifecycle(provider).create(anyToken(), request("node-0"));

            assertThat(made.hardware().macs()).containsExactly("52:54:00:00:00:00");
            assertThat(rack.commands(0)).containsExactly("boot pxe", "power 1");
            lifecycle(provider).delete(anyToken(), made.ref());
            assertThat(rack.commands(0))
                    .containsExactly("boot pxe", "power 1", "power 0", "boot none");
        }
    }

    @Test
    void aNodeThatIsOnIsReset() throws IOException {
        Files.createFile(rack.node(0).resolve("on"));
        try (Provider provider = open(Map.of())) {
            lifecycle(provider).create(anyToken(), request("node-0"));

            assertThat(rack.commands(0)).containsExactly("boot pxe", "reset 1");
        }
    }

    @Test
    void aNodeThatLostItsPowerIsKnownToHave() throws IOException {
        try (Provider provider = open(Map.of())) {
            Instance made = lifecycle(provider).create(anyToken(), request("node-0"));
            PowerControl power = provider.capability(PowerControl.class);

            Files.delete(rack.node(0).resolve("on"));
            assertThat(power.power(made.ref())).isEqualTo(PowerState.LOST);
            power.powerOff(anyToken(), made.ref());
            assertThat(power.power(made.ref())).isEqualTo(PowerState.OFF);
        }
    }

    @Test
    void aNodeThatDoesNotHearItsButtonIsSwitchedOffAllTheSame() throws IOException {
        Files.createFile(rack.node(0).resolve("deaf"));
        try (Provider provider = open(Map.of("grace_seconds", Value.of(1)))) {
            Instance made = lifecycle(provider).create(anyToken(), request("node-0"));
            provider.capability(PowerControl.class).powerOff(anyToken(), made.ref());

            assertThat(rack.commands(0)).endsWith("shutdown 1", "power 0");
            assertThat(rack.isOn(0)).isFalse();
        }
    }

    @Test
    void aControllerThatDoesNotAnswerIsPassedOver() throws Exception {
        rack.hang(0);
        try (Provider provider = open(Map.of("seconds", Value.of(2)))) {
            // Of the two only one answers, whichever is tried first.
            lifecycle(provider).create(anyToken(), request("node-0", "node-1"));

            assertThat(rack.isOn(1)).isTrue();
            assertRefused(
                    ProviderCode.TIMEOUT,
                    () ->
                            lifecycle(provider)
                                    .create(
                                            anyToken(),
                                            new InstanceRequest(
                                                    new MachineId("m-2"),
                                                    "demo-members-1",
                                                    new BootToken("boot-token"),
                                                    Map.of(),
                                                    request("node-0").spec())));
            assertThat(lifecycle(provider).list()).hasSize(1);
        } finally {
            rack.goOn(0);
        }
    }

    @Test
    void aDeleteGoesOnWhenTheControllerAnswersAgain() throws Exception {
        try (Provider provider = open(Map.of("seconds", Value.of(2)))) {
            Instance made = lifecycle(provider).create(anyToken(), request("node-0"));
            rack.hang(0);
            assertRefused(
                    ProviderCode.TIMEOUT, () -> lifecycle(provider).delete(anyToken(), made.ref()));
            assertThat(lifecycle(provider).find(made.ref())).isPresent();

            rack.goOn(0);
            lifecycle(provider).delete(anyToken(), made.ref());

            assertThat(lifecycle(provider).list()).isEmpty();
            assertThat(rack.isOn(0)).isFalse();
        }
    }

    @Test
    void aWrongPasswordIsSaidToBeWrong() {
        Value wrong = new Value.Secret(Value.of("not-it"));
        try (Provider provider = open(Map.of("password", wrong))) {
            assertRefused(
                    ProviderCode.CREDENTIALS,
                    () -> lifecycle(provider).create(anyToken(), request("node-0")));
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void aCipherSuiteThatTheControllerDoesNotKnowIsNamed() {
        try (Provider provider = open(Map.of("cipher_suite", Value.of(17)))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).create(anyToken(), request("node-0")))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo("provider.credentials");
                        assertThat(e.problems().getFirst().hint()).contains("cipher_suite");
                    });
        }
    }

    @Test
    void aProgramThatIsMissingIsNamed() {
        try (Provider provider = open(Map.of("program", Value.of("/nonexistent/ipmitool")))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).create(anyToken(), request("node-0")))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("ipmi.missing-program"));
        }
    }

    /// What everybody on the host may see of the process, and what only we may.
    @Test
    void thePasswordIsOnNoCommandLine() throws IOException {
        Path spy = folder.resolve("spy");
        Files.writeString(
                spy,
                """
                #!/bin/sh
                echo "$*" >> '%s/lines'
                env | sort | cut -d= -f1 | tr '\\n' ' ' > '%s/names'
                exec ipmitool "$@"
                """
                        .formatted(folder, folder));
        Files.setPosixFilePermissions(spy, PosixFilePermissions.fromString("rwx------"));
        try (Provider provider = open(Map.of("program", Value.of(spy.toString())))) {
            lifecycle(provider).create(anyToken(), request("node-0"));
        }

        assertThat(Files.readString(folder.resolve("lines")))
                .contains("chassis power on")
                .doesNotContain(SimulatedRack.PASSWORD);
        assertThat(Files.readString(folder.resolve("names")).split(" ", -1))
                .contains("IPMI_PASSWORD")
                .isSubsetOf("HOME", "IPMI_PASSWORD", "LC_ALL", "PATH", "PWD", "TZ", "_", "");
    }
}
