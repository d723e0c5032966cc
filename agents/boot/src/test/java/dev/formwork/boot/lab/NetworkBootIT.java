package dev.formwork.boot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;
import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Real firmware, from power-on to our script and what the script loads, in a namespace.
final class NetworkBootIT {
    private static final String BIOS = "52:54:00:77:00:01";
    private static final String PXE = "52:54:00:77:00:02";
    private static final String HTTP = "52:54:00:77:00:03";

    /// Emulated, on a busy machine: nobody waits as long where it works.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    @BeforeAll
    static void needs() {
        Needs.root("make namespaces");
        Needs.programs("ip", "qemu-system-x86_64", "dnsmasq");
        Needs.files(
                "/usr/lib/ipxe/snponly.efi",
                Lab.OVMF + "/OVMF_CODE_4M.fd",
                Lab.OVMF + "/OVMF_VARS_4M.fd");
    }

    @Test
    void bootsThreeMachinesAtOnceWhereItServesDhcp() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            lab.host("10.77.0.100/24");
            Running server = server(lab, "10.77.0.100", "10.77.0.120");

            bootsAll(lab, server);

            server.await(
                    line -> line.startsWith("SEEN dhcp.address-in-use 10.77.0.100 "),
                    "that somebody has the first address",
                    PATIENCE);
            assertThat(server.said()).doesNotContain("ASK lab/kernel 10.77.0.100");
            for (String mac : List.of(BIOS, PXE, HTTP)) {
                assertThat(Files.readString(folder.resolve("leases")))
                        .contains(" 01" + mac.replace(":", "") + " BOUND ");
            }
        }
    }

    @Test
    void bootsThreeMachinesAtOnceBesideDnsmasq() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            dnsmasq(lab);
            Running server = server(lab, "proxy", "proxy");

            bootsAll(lab, server);

            assertThat(server.said())
                    .noneMatch(line -> line.startsWith("SEEN"))
                    .anyMatch(line -> line.startsWith("ASK lab/kernel 10.77.0.5"));
        }
    }

    @Test
    void namesAServerThatIsNotOursAndARangeThatIsExhausted() throws Exception {
        try (Lab lab = new Lab(folder)) {
            dnsmasq(lab);
            lab.host("10.77.0.100/24");
            Running server = server(lab, "10.77.0.100", "10.77.0.100");

            lab.machine(Lab.Firmware.BIOS, BIOS);

            server.await(
                    line -> line.startsWith("SEEN dhcp.range-exhausted "),
                    "that there is no address left",
                    PATIENCE);
            server.await(
                    line ->
                            line.startsWith("SEEN dhcp.rogue-server ")
                                    && line.contains("10.77.0.9"),
                    "that the machine takes another server",
                    PATIENCE);
        }
    }

    @Test
    void goesOnToTheDiskWhereThereIsNothingToDo() throws Exception {
        Path sector = BootDisks.bios(folder.resolve("disk"), "a system boots from its disk");
        Path files = BootDisks.uefi(folder.resolve("esp"), "a system boots from its disk");
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            Running server = server(lab, "10.77.0.100", "10.77.0.120");
            String installed = "type=1,serial=" + LabServer.INSTALLED;

            Running bios =
                    lab.machine(
                            Lab.Firmware.BIOS,
                            BIOS,
                            "-smbios",
                            installed,
                            "-drive",
                            "if=ide,format=raw,file=" + sector);
            Running uefi =
                    lab.machine(
                            Lab.Firmware.UEFI_PXE,
                            PXE,
                            "-smbios",
                            installed,
                            "-drive",
                            "if=none,id=d,format=raw,file=fat:rw:" + files,
                            "-device",
                            "virtio-blk-pci,drive=d,bootindex=2",
                            "-fw_cfg",
                            "name=opt/org.tianocore/IPv6PXESupport,string=no");

            for (Running each : List.of(bios, uefi)) {
                each.await(
                        line -> line.contains("a system boots from its disk"),
                        "that its disk boots",
                        PATIENCE);
            }
            // iPXE of a BIOS says nothing on the serial port.
            assertThat(uefi.said())
                    .anyMatch(line -> line.contains("nothing to do: on to the disk"));
            for (String mac : List.of(BIOS, PXE)) {
                assertThat(server.said())
                        .as("the disk boots after we were asked")
                        .anyMatch(line -> line.startsWith("MACHINE") && line.contains(mac));
            }
            assertThat(server.said()).noneMatch(line -> line.startsWith("ASK lab/kernel"));
        }
    }

    private Running server(Lab lab, String first, String last) throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.copy(Path.of("/usr/lib/ipxe/snponly.efi"), files.resolve("snponly.efi"));
        Running server =
                lab.program(
                        "server",
                        LabServer.class.getName(),
                        "br0",
                        first,
                        last,
                        folder + "/leases",
                        files.toString());
        server.await("READY"::equals, "READY", PATIENCE);
        return server;
    }

    private void dnsmasq(Lab lab) throws Exception {
        String host = lab.host("10.77.0.9/24");
        lab.dnsmasq(
                "dnsmasq",
                host,
                "--interface=eth0",
                "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
                "--dhcp-range=10.77.0.50,10.77.0.59,1h");
    }

    private static void bootsAll(Lab lab, Running server) throws Exception {
        lab.machine(
                Lab.Firmware.BIOS,
                BIOS,
                "-smbios",
                "type=1,serial=a&mac=1 || reboot ${x} #<b>+",
                "-smbios",
                "type=3,asset=';reboot; ${net0/mac} && shell",
                "-smbios",
                "type=2,asset=i-0123456789abcdef0");
        lab.machine(Lab.Firmware.UEFI_PXE, PXE);
        lab.machine(Lab.Firmware.UEFI_HTTP, HTTP);
        for (String mac : List.of(BIOS, PXE, HTTP)) {
            String machine =
                    server.await(
                            line -> line.startsWith("MACHINE") && line.contains(mac),
                            "that " + mac + " asks for its script",
                            PATIENCE);
            assertThat(machine).contains("isUefi=" + !mac.equals(BIOS));
            if (mac.equals(BIOS)) {
                assertThat(machine)
                        .contains(
                                "serial=a&mac=1 || reboot ${x} #<b>+, asset=';reboot; ${net0/mac} &&"
                                        + " shell, boardAsset=i-0123456789abcdef0, manufacturer");
            }
        }
        for (String asked : server.said()) {
            if (asked.startsWith("ASK boot/script ")) {
                String kernel = asked.replace("boot/script", "lab/kernel");
                server.await(kernel::equals, kernel, PATIENCE);
            }
        }
        // Two by TFTP, as EDK II asks for the size first; by HTTP a HEAD and a GET.
        assertThat(
                        server.said().stream()
                                .filter(line -> line.startsWith("ASK snponly.efi"))
                                .count())
                .isGreaterThanOrEqualTo(4);
    }
}
