package dev.formwork.provider.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.SimulatedCrash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What happens to the processes and files of machines, and what machines really boot from.
class QemuMachineIT {
    private static final EngineId ENGINE = new EngineId("engine-one");
    private static final Duration BOOT = Duration.ofSeconds(90);

    private static final int SECTOR = 512;

    private QemuBench bench = new QemuBench();

    @BeforeAll
    static void needsQemu() {
        QemuPackages.need();
    }

    @AfterEach
    void endWhatIsLeft() {
        bench.close();
    }

    @Test
    void aMachineWhoseQemuIsKilledIsLostAndCanBeSwitchedOn() {
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = create(provider, bench.spec());
            PowerControl power = provider.capability(PowerControl.class);

            bench.kill(bench.qemus(made.machine()).getFirst());

            assertThat(power.power(made.ref())).isEqualTo(PowerState.LOST);
            assertThat(state(provider, made.ref())).isEqualTo(InstanceState.STOPPED);
            power.powerOn(anyToken(), made.ref());
            assertThat(bench.qemus(made.machine())).hasSize(1);

            bench.kill(bench.qemus(made.machine()).getFirst());
            power.powerOff(anyToken(), made.ref());
            assertThat(power.power(made.ref())).isEqualTo(PowerState.OFF);
        }
    }

    @Test
    void aProcessThatLaterHasTheNumberOfAQemuIsNoMachine() throws Exception {
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = create(provider, bench.spec());
            PowerControl power = provider.capability(PowerControl.class);
            power.powerOff(anyToken(), made.ref());

            Files.writeString(
                    bench.home(made.ref()).file(QemuCommand.PID_FILE),
                    ProcessHandle.current().pid() + "\n");

            assertThat(power.power(made.ref())).isEqualTo(PowerState.OFF);
            power.powerOff(anyToken(), made.ref());
            assertThat(ProcessHandle.current().isAlive()).isTrue();
        }
    }

    @Test
    void aResetCutShortAnywhereIsFinishedByItsRepeat() {
        boolean died = true;
        for (int steps = 0; died; steps++) {
            Instance made;
            try (Provider provider = bench.open(ENGINE)) {
                made = create(provider, bench.spec());
                provider.capability(BootControl.class)
                        .bootOnce(anyToken(), made.ref(), BootDevice.DISK);
            }
            died = false;
            try (Provider dying = bench.openDying(ENGINE, steps)) {
                dying.capability(PowerControl.class).reset(anyToken(), made.ref());
            } catch (SimulatedCrash expected) {
                died = true;
            }
            try (Provider provider = bench.open(ENGINE)) {
                PowerControl power = provider.capability(PowerControl.class);
                power.reset(anyToken(), made.ref());
                assertThat(bench.qemus(made.machine())).as("after %d steps", steps).hasSize(1);
                assertThat(provider.capability(BootControl.class).bootSetting(made.ref()).once())
                        .as("after %d steps", steps)
                        .isEmpty();
                provider.capability(InstanceLifecycle.class).delete(anyToken(), made.ref());
            }
        }
    }

    @Test
    void twoProvidersSeeOneMachine() {
        try (Provider here = bench.open(ENGINE);
                Provider there = bench.open(ENGINE)) {
            Instance made = create(here, bench.spec());

            there.capability(PowerControl.class).powerOff(anyToken(), made.ref());
            assertThat(here.capability(PowerControl.class).power(made.ref()))
                    .isEqualTo(PowerState.OFF);
            here.capability(PowerControl.class).powerOn(anyToken(), made.ref());
            there.capability(PowerControl.class).powerOn(anyToken(), made.ref());

            assertThat(bench.qemus(made.machine())).hasSize(1);
            assertThat(state(there, made.ref())).isEqualTo(InstanceState.RUNNING);
        }
    }

    @Test
    void aQemuThatDoesNotStartIsToldInItsOwnWordsAndCanBeDeleted() {
        bench.close();
        bench =
                new QemuBench(
                        Map.of(), URI.create("http://127.0.0.1:9/"), List.of("-no-such-option"));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> create(provider, bench.spec()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("qemu.not-started"))
                    .withMessageContaining("no-such-option");

            Instance half = lifecycle.list().getFirst();
            assertThat(half.state()).isEqualTo(InstanceState.CREATING);
            lifecycle.delete(anyToken(), half.ref());
            assertThat(bench.remainsOf(half.machine())).isEmpty();
        }
    }

    @Test
    void bootsWhatIsSetForAlwaysAndForOnce() throws Exception {
        bench.close();
        bench =
                new QemuBench(
                        Map.of("accelerator", Value.of("tcg")),
                        URI.create("http://127.0.0.1:9/nothing-there.ipxe"),
                        List.of());
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = create(provider, bench.spec());
            PowerControl power = provider.capability(PowerControl.class);
            BootControl boot = provider.capability(BootControl.class);
            power.powerOff(anyToken(), made.ref());
            writeBootSector(bench.home(made.ref()).file(QemuCommand.disk(0)));

            boot.bootOnce(anyToken(), made.ref(), BootDevice.DISK);
            power.powerOn(anyToken(), made.ref());
            awaitConsole(provider, made.ref(), 0, "FROM-DISK");

            // The once is used up: from the network, which is tried before the disk.
            long start = end(provider, made.ref());
            power.reset(anyToken(), made.ref());
            awaitConsole(provider, made.ref(), start, "http://10.0.2.2:9/nothing-there.ipxe");

            start = end(provider, made.ref());
            boot.bootOnce(anyToken(), made.ref(), BootDevice.DISK);
            power.reset(anyToken(), made.ref());
            awaitConsole(provider, made.ref(), start, "FROM-DISK");
            assertThat(lastBoot(provider, made.ref())).doesNotContain("nothing-there");

            boot.bootAlways(anyToken(), made.ref(), BootDevice.DISK);
            for (int i = 0; i < 2; i++) {
                start = end(provider, made.ref());
                power.reset(anyToken(), made.ref());
                awaitConsole(provider, made.ref(), start, "FROM-DISK");
                assertThat(lastBoot(provider, made.ref())).doesNotContain("nothing-there");
            }
        }
    }

    /// A boot sector that prints through the BIOS, and then stands still.
    private static void writeBootSector(Path disk) throws IOException {
        byte[] sector = new byte[SECTOR];
        byte[] code = {
            (byte) 0xbe,
            0x12,
            0x7c, // mov si, 0x7c12
            (byte) 0xb4,
            0x0e, // mov ah, 0x0e: teletype
            (byte) 0xac, // lodsb
            0x08,
            (byte) 0xc0, // or al, al
            0x74,
            0x04, // jz stand
            (byte) 0xcd,
            0x10, // int 0x10
            (byte) 0xeb,
            (byte) 0xf7, // jmp lodsb
            (byte) 0xf4, // stand: hlt
            (byte) 0xeb,
            (byte) 0xfd, // jmp stand
            0x00
        };
        System.arraycopy(code, 0, sector, 0, code.length);
        byte[] text = "FROM-DISK\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, sector, code.length, text.length);
        sector[SECTOR - 2] = 0x55;
        sector[SECTOR - 1] = (byte) 0xaa;
        byte[] whole = new byte[1 << 20];
        System.arraycopy(sector, 0, whole, 0, SECTOR);
        Files.write(disk, whole);
    }

    private static void awaitConsole(Provider provider, InstanceRef ref, long from, String text) {
        Eventually.holds(
                "the console says " + text,
                BOOT,
                () -> console(provider, ref, from).contains(text));
    }

    private static String console(Provider provider, InstanceRef ref, long from) {
        return provider.capability(Console.class).read(ref, from, 1 << 20).text();
    }

    /// Without what the boot before it printed last.
    private static String lastBoot(Provider provider, InstanceRef ref) {
        String all = console(provider, ref, 0);
        return all.substring(all.lastIndexOf("SeaBIOS"));
    }

    private static long end(Provider provider, InstanceRef ref) {
        return provider.capability(Console.class).read(ref, Long.MAX_VALUE, 1).end();
    }

    private static InstanceState state(Provider provider, InstanceRef ref) {
        return provider.capability(InstanceLifecycle.class).find(ref).orElseThrow().state();
    }

    static Instance create(Provider provider, Value.Struct spec) {
        return provider.capability(InstanceLifecycle.class)
                .create(
                        anyToken(),
                        new InstanceRequest(
                                new MachineId("m-" + UUID.randomUUID()),
                                "demo-members-0",
                                new BootToken("the-boot-token"),
                                Map.of(),
                                spec));
    }

    static OperationToken anyToken() {
        return new OperationToken(UUID.randomUUID().toString());
    }
}
