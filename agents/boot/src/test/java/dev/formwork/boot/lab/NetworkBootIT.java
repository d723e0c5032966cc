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

    /// Emulated, on a busy machine: nobody waits as long where it works.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    @BeforeAll
    static void needs() {
        Needs.root();
        Needs.programs("ip", "qemu-system-x86_64", "dnsmasq");
        Needs.files("/usr/lib/ipxe/undionly.kpxe", "/usr/lib/ipxe/ipxe.efi");
    }

    @Test
    void bootsABiosWhereItServesDhcp() throws Exception {
        try (Lab lab = new Lab()) {
            lab.routerAdvertiser();
            lab.host("10.77.0.100/24");
            Running server = server(lab, "10.77.0.100", "10.77.0.120");

            bootsBios(lab, server);

            server.await(
                    line -> line.startsWith("SEEN dhcp.address-in-use 10.77.0.100 "),
                    "that somebody has the first address",
                    PATIENCE);
            assertThat(server.said()).contains("ASK lab/kernel 10.77.0.101");
            assertThat(Files.readString(folder.resolve("leases")))
                    .contains("10.77.0.101 01" + BIOS.replace(":", "") + " BOUND ");
        }
    }

    @Test
    void bootsABiosBesideDnsmasq() throws Exception {
        try (Lab lab = new Lab()) {
            lab.routerAdvertiser();
            dnsmasq(lab);
            Running server = server(lab, "proxy", "proxy");

            bootsBios(lab, server);

            assertThat(server.said())
                    .noneMatch(line -> line.startsWith("SEEN"))
                    .anyMatch(line -> line.startsWith("ASK lab/kernel 10.77.0.5"));
        }
    }

    @Test
    void namesAServerThatIsNotOursAndARangeThatIsExhausted() throws Exception {
        try (Lab lab = new Lab()) {
            dnsmasq(lab);
            lab.host("10.77.0.100/24");
            Running server = server(lab, "10.77.0.100", "10.77.0.100");

            lab.machine(BIOS);

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

    private Running server(Lab lab, String first, String last) throws Exception {
        Running server = lab.bootServer("br0", first, last, folder + "/leases");
        server.await("READY"::equals, "READY", PATIENCE);
        return server;
    }

    private void dnsmasq(Lab lab) throws Exception {
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
                        "--dhcp-range=10.77.0.50,10.77.0.59,1h"));
    }

    private static void bootsBios(Lab lab, Running server) throws Exception {
        lab.machine(
                BIOS, "-smbios", "type=1,serial=a&mac=1 || reboot ${x} #<b>+");
        String machine =
                server.await(
                        line -> line.startsWith("MACHINE") && line.contains(BIOS),
                        "that " + BIOS + " asks for its script",
                        PATIENCE);
        assertThat(machine)
                .contains("isUefi=false")
                .contains("serial=a&mac=1 || reboot ${x} #<b>+, asset");
        server.await(
                line -> line.startsWith("ASK lab/kernel "),
                "that it loads the kernel that its script says",
                PATIENCE);
    }
}
