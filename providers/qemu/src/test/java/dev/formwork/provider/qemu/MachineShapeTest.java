package dev.formwork.provider.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootDevice;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What machines are made of, and how their QEMU is called; no QEMU runs.
class MachineShapeTest {
    private static final MachineId MACHINE = new MachineId("m-1");
    private static final Segment SEGMENT = Segment.parse("10.77.0.0/24").orElseThrow();

    private static final MachineSpec SPEC =
            new MachineSpec(
                    512, 2, List.of(1L << 20, 1L << 30), FirmwareKind.BIOS, BootDevice.DISK);

    private static VirtualHardware hardware(@Nullable String card) {
        return VirtualHardware.of(MACHINE, SPEC, Set.of(), card);
    }

    private static QemuCommand command(Network network, String bootUrl) {
        return new QemuCommand(
                new QemuConfig(Path.of("/data"), network, Optional.empty(), Duration.ZERO),
                Accelerator.TCG,
                "239.255.1.2:20003",
                Optional.of(URI.create(bootUrl)));
    }

    @Test
    void readsASpec() {
        assertThat(MachineSpec.read("qemu", Value.Struct.EMPTY))
                .isEqualTo(
                        new MachineSpec(512, 1, List.of(), FirmwareKind.BIOS, BootDevice.NETWORK));
        assertThat(
                        MachineSpec.read(
                                "qemu",
                                Value.of(
                                        Map.of(
                                                "memory", Value.of("2G"),
                                                "cpus", Value.of(4),
                                                "disks", QemuBench.list("10G", "1T"),
                                                "firmware", Value.of("uefi"),
                                                "boot", Value.of("disk")))))
                .isEqualTo(
                        new MachineSpec(
                                2048,
                                4,
                                List.of(10L << 30, 1L << 40),
                                FirmwareKind.UEFI,
                                BootDevice.DISK));
    }

    @Test
    void refusesAllThatIsWrongWithASpecTogether() {
        Value.Struct wrong =
                Value.of(
                        Map.of(
                                "memory", Value.of("16M"),
                                "cpus", Value.of(0),
                                "disks", QemuBench.list("-1G", "0G", "x"),
                                "firmware", Value.of("BIOS"),
                                "boot", Value.of("floppy"),
                                "sound", Value.of("loud")));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> MachineSpec.read("qemu", wrong))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-spec"))
                .satisfies(e -> assertThat(e.problems()).hasSize(8));
    }

    @Test
    void hardwareComesBackAsItWas() {
        VirtualHardware hardware = hardware("10.77.0.5/24");

        assertThat(VirtualHardware.parse(hardware.json())).isEqualTo(hardware);
        assertThat(VirtualHardware.parse(hardware(null).json())).isEqualTo(hardware(null));
        assertThat(hardware.hardware().macs()).containsExactlyElementsOf(hardware.macs());
        assertThat(hardware.cards())
                .singleElement()
                .satisfies(card -> {
                    assertThat(card.mac()).isEqualTo(hardware.macs().getLast());
                    assertThat(card.address()).isEqualTo("10.77.0.5/24");
                });
        assertThat(hardware(null).hardware().macs()).hasSize(1);
        assertThat(hardware(null).cards()).isEmpty();
    }

    @Test
    void macAddressesAreLocalOnesAndStepOverWhatIsTaken() {
        VirtualHardware first = hardware(null);
        VirtualHardware second =
                VirtualHardware.of(MACHINE, SPEC, new HashSet<>(first.macs()), null);

        assertThat(first.macs()).hasSize(2).allMatch(mac -> mac.startsWith("52:54:00:"));
        assertThat(Collections.disjoint(first.macs(), second.macs())).isTrue();
        assertThat(hardware(null)).isEqualTo(first);
    }

    @Test
    void givesEachAddressOnceAndThenRefuses() {
        Segment small = Segment.parse("192.168.5.8/29").orElseThrow();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            taken.add(small.choose(new MachineId("m-" + i), taken));
        }

        assertThat(taken)
                .containsExactlyInAnyOrder(
                        "192.168.5.9",
                        "192.168.5.10",
                        "192.168.5.11",
                        "192.168.5.12",
                        "192.168.5.13",
                        "192.168.5.14");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> small.choose(MACHINE, taken))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.quota"));
    }

    @Test
    void aSegmentIsANetworkThatDoesNotMeetTheUserModes() {
        assertThat(SEGMENT).hasToString("10.77.0.0/24");
        for (String wrong :
                List.of(
                        "10.0.2.0/24",
                        "10.0.0.0/16",
                        "10.77.0.1/24",
                        "10.77.0.0/30",
                        "10.0.0.0/8",
                        "10.77.0/24",
                        "300.1.1.0/24",
                        "10.77.0.0",
                        "")) {
            assertThat(Segment.parse(wrong)).as(wrong).isEmpty();
        }
        assertThat(Segment.multicast(Path.of("/a"))).matches("239\\.255\\.\\d+\\.\\d+:2\\d{4}");
        assertThat(Segment.multicast(Path.of("/a"))).isNotEqualTo(Segment.multicast(Path.of("/b")));
    }

    @Property
    void noTextIsASizeButASize(@ForAll String text) {
        assertThat(Sizes.parse(text).isPresent()).isEqualTo(text.matches("[1-9][0-9]{0,6}[MGT]"));
    }

    @Test
    void bootsInUserModeFromTheUrlAsTheMachineSeesIt() {
        QemuCommand command =
                command(new Network.User(SEGMENT), "http://127.0.0.1:7475/boot.ipxe?a=b,c");

        List<String> arguments =
                command.arguments(
                        MACHINE,
                        "demo-0",
                        hardware("10.77.0.5/24"),
                        BootDevice.NETWORK,
                        Optional.empty());

        assertThat(arguments)
                .startsWith("qemu-system-x86_64", "-daemonize")
                .contains("user,id=net0,bootfile=http://10.0.2.2:7475/boot.ipxe?a=b,,c")
                .contains("socket,id=net1,localaddr=127.0.0.1,mcast=239.255.1.2:20003")
                .contains("512M")
                .anyMatch(each ->
                        each.startsWith("virtio-net-pci,id=card0") && each.endsWith("bootindex=0"))
                .contains("virtio-blk-pci,id=blk0,drive=disk0,bootindex=1")
                .contains("virtio-blk-pci,id=blk1,drive=disk1,bootindex=2");
    }

    @Test
    void bootsOnABridgeInItsNamespaceByATap() {
        QemuCommand command =
                command(new Network.Bridge("br0", Optional.of("lab")), "http://10.1.1.1/");

        List<String> arguments =
                command.arguments(
                        MACHINE, "demo-0", hardware(null), BootDevice.DISK, Optional.empty());

        String tap = Taps.name(Path.of("/data"), MACHINE);
        assertThat(tap).hasSizeLessThan(16);
        assertThat(arguments)
                .startsWith("ip", "netns", "exec", "lab", "qemu-system-x86_64")
                .contains("tap,id=net0,script=no,downscript=no,ifname=" + tap)
                .contains("virtio-blk-pci,id=blk0,drive=disk0,bootindex=0")
                .noneMatch(each -> each.contains("bootfile"))
                .noneMatch(each -> each.contains("mcast"));
    }

    @Test
    void seesThisHostFromInside() {
        for (String here : List.of("localhost", "127.0.0.1", "127.5.0.1", "[::1]", "0.0.0.0")) {
            assertThat(QemuCommand.inside(URI.create("http://" + here + ":80/x?y#z")))
                    .hasToString("http://10.0.2.2:80/x?y#z");
        }
        assertThat(QemuCommand.inside(URI.create("http://192.0.2.1/127.0.0.1")))
                .hasToString("http://192.0.2.1/127.0.0.1");
    }

    @Test
    void takesNoKvmThatTheProcessorDoesNotSupport(@TempDir Path host) throws Exception {
        Path kvm = Files.createFile(host.resolve("kvm"));
        Path cpuinfo = host.resolve("cpuinfo");
        Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu vme hypervisor\n");
        assertThat(Accelerator.best(host, host)).isEqualTo(Accelerator.TCG);

        Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu vme svm\n");
        assertThat(Accelerator.best(host, host)).isEqualTo(Accelerator.KVM);

        Files.delete(kvm);
        assertThat(Accelerator.best(host, host)).isEqualTo(Accelerator.TCG);
    }
}
