package dev.formwork.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Facts.Cpu;
import dev.formwork.agent.protocol.Facts.Disk;
import dev.formwork.agent.protocol.Facts.Dmi;
import dev.formwork.agent.protocol.Facts.Ignition;
import dev.formwork.agent.protocol.Facts.Memory;
import dev.formwork.agent.protocol.Facts.Nic;
import dev.formwork.agent.protocol.Facts.Os;
import dev.formwork.agent.protocol.Facts.Root;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Facts of machines that are folders, and of this one.
final class FactsReaderIT {
    @TempDir private Path root;

    @Test
    void readsWhatLinuxShows() throws IOException {
        file("proc/sys/kernel/hostname", "node-1\n");
        file("proc/sys/kernel/osrelease", "6.1.0-42-amd64\n");
        file("etc/os-release", "NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n");
        file(
                "proc/cpuinfo",
                "processor\t: 0\nmodel name\t: EPYC\nflags\t: fpu hypervisor sse\n\nprocessor\t: 1\n");
        file("proc/meminfo", "MemTotal:         24576 kB\nMemFree: 1 kB\n");
        file("sys/block/vda/size", "528482304\n");
        file("sys/block/vda/queue/rotational", "1\n");
        file("sys/block/vda/device/x", "");
        file("sys/block/loop0/size", "100\n");
        file("sys/block/sr0/size", "0\n");
        file("sys/block/sr0/device/x", "");
        file("sys/class/net/eth0/address", "52:54:00:00:00:0A\n");
        file("sys/class/net/lo/address", "00:00:00:00:00:00\n");
        file("proc/self/mountinfo", "21 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n");

        assertThat(reader(null).read())
                .isEqualTo(
                        new Facts(
                                "node-1",
                                "10.0.0.2",
                                new Os("debian", "12", "6.1.0-42-amd64"),
                                new Cpu("amd64", 2, "EPYC"),
                                new Memory(25165824),
                                List.of(new Disk("vda", 270582939648L, true)),
                                List.of(
                                        new Nic(
                                                "eth0",
                                                "52:54:00:00:00:0a",
                                                List.of("10.0.0.2", "fd00::2"))),
                                "kvm",
                                null,
                                new Root("ext4", true),
                                null));
    }

    @Test
    void tellsKindsOfMachinesApart() throws IOException {
        assertThat(reader(null).read().virtualization()).isEqualTo("none");
        file("sys/class/dmi/id/sys_vendor", "VMware, Inc.\n");
        assertThat(reader(null).read().virtualization()).isEqualTo("vmware");
        file("sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
        assertThat(reader(null).read().virtualization()).isEqualTo("kvm");
        file("sys/class/dmi/id/product_name", "m5.metal\n");
        assertThat(reader(null).read().virtualization()).isEqualTo("none");
        file("run/systemd/container", "podman\n");
        assertThat(reader(null).read().virtualization()).isEqualTo("container");
    }

    @Test
    void readsWhatDmiSays() throws IOException {
        assertThat(reader(null).read().system()).isNull();
        file("sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
        file("sys/class/dmi/id/product_name", "m5.large\n");
        file("sys/class/dmi/id/product_uuid", "EC2E1916-9099-7CAF-FD21-012345ABCDEF\n");
        file("sys/class/dmi/id/board_asset_tag", "i-0123456789abcdef0\n");
        file("sys/class/dmi/id/chassis_asset_tag", "x\u001b[2J" + "y".repeat(200) + "\n");

        assertThat(reader(null).read().system())
                .isEqualTo(
                        new Dmi(
                                "Amazon EC2",
                                "m5.large",
                                null,
                                "x?[2J" + "y".repeat(123),
                                "i-0123456789abcdef0",
                                "ec2e1916-9099-7caf-fd21-012345abcdef"));
    }

    @Test
    void saysWhatBecameOfIgnition() throws IOException {
        file("run/formwork/ignition/outcome", "yes\n");
        assertThat(reader(null).read().ignition()).isEqualTo(new Ignition(true, null, null));
        file("run/formwork/ignition/outcome", "no\nignition.failed\nit is wrong: here\n");
        assertThat(reader(null).read().ignition())
                .isEqualTo(new Ignition(false, "ignition.failed", "it is wrong: here"));
    }

    @Test
    void failsOnNothing() {
        Facts facts = reader("127.1.0.2").read();

        assertThat(facts.address()).isEqualTo("127.1.0.2");
        assertThat(facts.cpu().count()).isEqualTo(1);
        assertThat(facts.disks()).isEmpty();
    }

    @Test
    void readsThisMachine() {
        Facts facts =
                new FactsReader(
                                Path.of("/"),
                                null,
                                System.getProperty("os.arch"),
                                new SystemNicAddresses())
                        .read();

        assertThat(facts.memory().bytes()).isPositive();
        assertThat(facts.cpu().count()).isPositive();
        assertThat(facts.os().kernel()).isNotNull();
    }

    private FactsReader reader(@Nullable String address) {
        return new FactsReader(root, address, "amd64", nic -> List.of("10.0.0.2", "fd00::2"));
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
