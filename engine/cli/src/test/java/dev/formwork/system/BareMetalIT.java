package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;
import dev.formwork.testkit.ipmi.SimulatedRack;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One server behind an IPMI controller, from allocation to release: it is claimed and switched on,
/// boots from the network into the container OS, is wiped and used, wiped again, switched off and
/// given back. The controller is OpenIPMI's simulator, the server a QEMU that it starts.
@Timeout(900)
class BareMetalIT {
    private static final int DISK = 32 << 20;
    private static final String MAC = "52:54:00:00:0b:01";

    @TempDir private Path folder;
    private SimulatedRack rack;

    BareMetalIT() {
        EtcdPackages.need();
        Needs.programs("qemu-system-x86_64", "mksquashfs");
        rack = new SimulatedRack(1);
    }

    @BeforeEach
    void write() throws IOException {
        Path password = folder.resolve("password");
        Files.writeString(password, SimulatedRack.PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("providers.yaml"),
                """
                racks:
                  type: ipmi
                  user: %s
                  password_file: %s
                  cipher_suite: 3
                  firmware: bios
                  grace_seconds: 0
                  nodes: [{name: r1u1, address: 127.0.0.1, port: %d, macs: ['%s'], groups: [metal]}]
                """
                        .formatted(SimulatedRack.USER, password, rack.port(0), MAC));
        Files.writeString(
                folder.resolve("boot.yaml"),
                """
                kind: BootServer
                image: %s
                http: 127.0.0.1:0
                arguments: [console=ttyS0]
                """
                        .formatted(BuiltImage.directory()));
        Path pack = Files.createDirectories(folder.resolve("pack"));
        Files.writeString(pack.resolve("pack.yaml"), "kind: Pack\nname: own\nversion: 1.0.0\n");
        Files.writeString(
                Files.createDirectory(pack.resolve("use")).resolve("module.yaml"),
                """
                kind: Task
                name: metal/use
                version: 1.0.0
                inputs: {wiped: {type: array}}
                run: |
                  echo "was wiped: $INPUT_WIPED"
                  echo "somebody's secret" | dd of=/dev/vda conv=notrunc,fsync
                """);
        Files.writeString(
                Files.createDirectory(pack.resolve("stay")).resolve("module.yaml"),
                """
                kind: Workflow
                name: metal/stay
                version: 1.0.0
                groups: [members]
                steps:
                  wipe: {on: members, uses: metal/wipe-disks, with: {disks: [all]}}
                  use: {on: members, uses: metal/use, with: {wiped: "${{ steps.wipe.outputs.wiped }}"}}
                """);
        Files.writeString(
                folder.resolve("cluster.yaml"),
                """
                kind: Cluster
                name: stay
                workflow: metal/stay
                groups:
                  members: {count: 1, provider: racks, machine: {group: metal}}
                """);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        rack.close();
        HostProcesses.mentioning(folder)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private Path home() {
        return folder.resolve("home");
    }

    /// The server itself: what there is when its power is on.
    private void install(String bootPort) throws IOException {
        Path node = rack.node(0);
        Path disk = folder.resolve("disk.raw");
        byte[] old = new byte[DISK];
        Arrays.fill(old, (byte) 'x');
        Files.write(disk, old);
        Path run = node.resolve("run");
        Files.writeString(
                run,
                """
                #!/bin/sh
                cd '%s' || exit 1
                if [ "$1" = on ]; then
                  exec qemu-system-x86_64 -accel tcg -m 768 -nodefaults -display none \\
                    -serial file:console-$$ -pidfile qemu.pid -daemonize \\
                    -netdev user,id=n0,bootfile=http://10.0.2.2:%s/boot.ipxe \\
                    -device virtio-net-pci,netdev=n0,mac=%s,bootindex=0 \\
                    -drive if=virtio,format=raw,file=disk.raw
                fi
                [ ! -e qemu.pid ] || { kill -9 "$(cat qemu.pid)"; rm -f qemu.pid; }
                """
                        .formatted(folder, bootPort, MAC));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
    }

    private String cli(String... arguments) {
        return CliProcess.run(0, home(), folder, arguments);
    }

    private byte[] disk(long at) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(folder.resolve("disk.raw"))) {
            ByteBuffer read = ByteBuffer.allocate(64);
            file.position(at).read(read);
            return read.array();
        }
    }

    @Test
    void isAllocatedBootedUsedWipedAndGivenBack() throws IOException {
        try (CliProcess engine =
                CliProcess.start(
                        home(),
                        folder,
                        "serve",
                        "--port",
                        "0",
                        "--boot",
                        "boot.yaml",
                        "--agents",
                        "127.0.0.1:0",
                        "--name",
                        "10.0.2.2",
                        "--providers",
                        "providers.yaml",
                        "--pack",
                        "pack")) {
            engine.awaitOutput("is ready");
            install(Files.readString(home().resolve("boot-port")).strip());

            String applied = cli("apply", "cluster.yaml", "--yes");

            assertThat(applied).contains("erase");
            assertThat(new String(disk(0), StandardCharsets.UTF_8))
                    .startsWith("somebody's secret")
                    .doesNotContain("x");
            assertThat(disk(DISK - 64)).containsOnly(0);
            assertThat(cli("machine", "power", "show", "stay-members-0")).contains("is on");
            assertThat(cli("machine", "inventory", "stay-members-0")).contains("SN0001");
            assertThat(cli("machine", "sensors", "stay-members-0")).contains("Inlet Temp");

            assertThat(cli("destroy", "stay", "--yes")).contains("erase");

            assertThat(disk(0)).containsOnly(0);
            assertThat(rack.isOn(0)).isFalse();
            assertThat(folder.resolve("qemu.pid")).doesNotExist();
            List<String> told = new ArrayList<>(rack.commands(0));
            assertThat(told).startsWith("boot pxe", "power 1").endsWith("power 0", "boot none");
        }
    }
}
