package dev.formwork.boot.lab;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private Path folder;

    @BeforeAll
    static void needs() {
        Needs.root();
        Needs.programs("ip", "qemu-system-x86_64", "dnsmasq");
        Needs.files(
                "/usr/lib/ipxe/undionly.kpxe",
                "/usr/lib/ipxe/ipxe.efi",
                "/usr/share/OVMF/OVMF_CODE_4M.fd",
                "/usr/share/OVMF/OVMF_VARS_4M.fd");
    }

    @Test
    void bootsThreeMachinesAtOnceWhereItServesDhcp() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            Running server =
                    lab.bootServer("br0", "10.77.0.100", "10.77.0.120", folder + "/leases");
            server.await("READY"::equals, "READY", PATIENCE);

            bootsAll(lab, server);

            assertThat(Files.readString(folder.resolve("leases")))
                    .contains(BIOS.replace(":", ""), PXE.replace(":", ""), HTTP.replace(":", ""));
            assertThat(server.said()).noneMatch(line -> line.startsWith("SEEN"));
        }
    }

    @Test
    void bootsThreeMachinesAtOnceBesideDnsmasq() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            String host = lab.host("10.77.0.9/24");
            lab.start(
                    "dnsmasq",
                    host,
                    List.of(
                            "dnsmasq",
                            "--keep-in-foreground",
                            "--conf-file=/dev/null",
                            "--user=root",
                            "--pid-file=",
                            "--log-facility=-",
                            "--port=0",
                            "--interface=eth0",
                            "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
                            "--dhcp-range=10.77.0.50,10.77.0.60,1h"));
            Running server = lab.bootServer("br0", "proxy", "proxy", folder + "/leases");
            server.await("READY"::equals, "READY", PATIENCE);

            bootsAll(lab, server);

            assertThat(server.said()).noneMatch(line -> line.startsWith("SEEN"));
        }
    }

    private static void bootsAll(Lab lab, Running server) throws Exception {
        lab.machine(Lab.Firmware.BIOS, BIOS, "-smbios", "type=1,serial=a&mac=1 || reboot ${x} #<b>+");
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
                assertThat(machine).contains("serial=a&mac=1 || reboot ${x} #<b>+, asset");
            }
        }
        List<String> before =
                server.said().stream().filter(line -> line.startsWith("ASK ipxe.efi")).toList();
        // One by TFTP; by HTTP with a HEAD first.
        assertThat(before).hasSizeGreaterThanOrEqualTo(3);
        for (String address :
                server.said().stream()
                        .filter(line -> line.startsWith("ASK boot/script "))
                        .map(line -> line.substring("ASK boot/script ".length()))
                        .toList()) {
            server.await(
                    line -> line.equals("ASK lab/kernel " + address),
                    "that " + address + " loads the kernel that its script says",
                    PATIENCE);
        }
    }
}
