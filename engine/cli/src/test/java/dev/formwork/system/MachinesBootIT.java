package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;
import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Three machines at once, from power-on to a registered agent: by BIOS PXE, UEFI PXE and UEFI HTTP
/// boot, on a segment where the engine serves DHCP, and on one where dnsmasq does.
@Timeout(900)
class MachinesBootIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LARGEST = 60_000_000;
    private static final String ROUTE = "10.77.0.1";

    @TempDir private Path folder;

    @BeforeEach
    void need() {
        Needs.root("make network namespaces");
        EtcdPackages.need();
        Needs.programs("ip", "qemu-system-x86_64", "dnsmasq", "mksquashfs");
        Needs.files(
                "/usr/lib/ipxe/undionly.kpxe",
                "/usr/lib/ipxe/snponly.efi",
                Lab.OVMF + "/OVMF_CODE_4M.fd");
    }

    @Test
    void whatTheyLoadIsSmall() throws IOException {
        Path image = BuiltImage.directory();

        assertThat(Files.size(image.resolve("kernel")) + Files.size(image.resolve("initrd")))
                .isLessThan(LARGEST);
    }

    /// And then one boots what a pack says; one whose kernel is not what its digest says boots
    /// nothing, and its console says why.
    @Test
    void allRegisterWhereTheEngineServesDhcp() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            List<Running> all =
                    bootAll(
                            lab,
                            "mirrors: [10.77.0.0/24]\n"
                                    + "subnets: [{network: 10.77.0.0/24, ranges:"
                                    + " [10.77.0.100-10.77.0.120], routers: [10.77.0.1]}]");
            all.forEach(Running::close);
            run(lab, "machine", "set", "node-000002", "boot_environment=os/changed");
            run(lab, "machine", "set", "node-000003", "boot_environment=os/own", "site=attic-7");
            Running refused = lab.machine(Lab.Firmware.UEFI_PXE, "52:54:00:00:00:02");
            Running boots = lab.machine(Lab.Firmware.UEFI_HTTP, "52:54:00:00:00:03");
            refused.await(
                    line -> line.contains("Formwork refuses: artifact.wrong-digest: http:"),
                    "why it boots nothing",
                    PATIENCE);
            boots.await(
                    line -> line.contains("Command line: ") && line.contains(" site=attic-7"),
                    "the kernel with its arguments",
                    PATIENCE);
            // What the container OS says without `formwork.boot`: so the initrd is there as well.
            boots.await(
                    line -> line.contains("no server: "), "that the initrd has started", PATIENCE);
        }
    }

    @Test
    void allRegisterBesideDnsmasq() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.routerAdvertiser();
            lab.dnsmasq(
                    "dnsmasq",
                    lab.host("10.77.0.9/24"),
                    "--interface=eth0",
                    "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
                    "--dhcp-range=10.77.0.50,10.77.0.59,1h");
            bootAll(lab, "proxy: true");
        }
    }

    /// Boot environments of the files that the boot server has for the container OS.
    private void pack(Path image) throws IOException {
        Path pack = Files.createDirectories(folder.resolve("pack"));
        Files.writeString(pack.resolve("pack.yaml"), "kind: Pack\nname: systems\nversion: 1.0.0\n");
        Files.writeString(
                Files.createDirectory(pack.resolve("changed")).resolve("module.yaml"),
                """
                kind: BootEnvironment
                name: os/changed
                version: 1.0.0
                kernel: {url: "http://10.77.0.1:7480/kernel", sha256: %s}
                """
                        .formatted("0a".repeat(32)));
        Files.writeString(
                Files.createDirectory(pack.resolve("own")).resolve("module.yaml"),
                """
                kind: BootEnvironment
                name: os/own
                version: 1.0.0
                inputs: {site: {type: string}}
                kernel: {url: "http://10.77.0.1:7480/kernel", sha256: %s}
                initrds: [{url: "http://10.77.0.1:7480/initrd", sha256: %s}]
                arguments: [console=ttyS0, "site=${{ inputs.site }}"]
                """
                        .formatted(
                                Sha256.of(image.resolve("kernel")),
                                Sha256.of(image.resolve("initrd"))));
    }

    /// @return the machines
    private List<Running> bootAll(Lab lab, String addresses) throws Exception {
        pack(BuiltImage.directory());
        Path file = folder.resolve("boot.yaml");
        Files.writeString(
                file,
                """
                kind: BootServer
                image: %s
                links: [br0]
                programs: /usr/lib/ipxe
                arguments: [console=ttyS0]
                %s
                """
                        .formatted(BuiltImage.directory(), addresses));
        Running engine =
                lab.start(
                        "engine",
                        lab.name(),
                        formwork(
                                "serve",
                                "--port",
                                "0",
                                "--boot",
                                file.toString(),
                                "--pack",
                                folder.resolve("pack").toString(),
                                "--agents",
                                ROUTE));
        engine.await(line -> line.contains("is ready"), "that it is ready", PATIENCE);

        List<Running> all =
                List.of(
                        lab.machine(Lab.Firmware.BIOS, "52:54:00:00:00:01", "-m", "512"),
                        lab.machine(Lab.Firmware.UEFI_PXE, "52:54:00:00:00:02"),
                        lab.machine(Lab.Firmware.UEFI_HTTP, "52:54:00:00:00:03"));

        for (int i = 1; i <= 3; i++) {
            String name = "node-00000" + i;
            engine.await(
                    line -> line.contains(name + " (") && line.contains("gets its token"),
                    "that " + name + " gets its token",
                    PATIENCE);
        }
        Await.until(
                "all agents have registered",
                PATIENCE,
                () -> machines(lab).stream().filter(line -> line.contains(" held ")).count() == 3);
        assertThat(machines(lab)).anyMatch(line -> line.contains("approve node-000001 --code"));
        for (Running machine : all) {
            assertNoSecretIn(
                    machine.await(
                            line -> line.contains("Command line: "), "its command line", PATIENCE));
        }
        return all;
    }

    /// Everybody on the machine can read it: there is nothing but what the machine says of itself,
    /// and where it finds us.
    private static void assertNoSecretIn(String line) {
        String arguments = line.substring(line.indexOf("Command line: ") + 14).strip();
        assertThat(arguments.split(" ", -1))
                .allMatch(argument ->
                        argument.matches(
                                "kernel|initrd=initrd0|console=ttyS0|BOOTIF=01(-[0-9a-f]{2}){6}"
                                        + "|formwork\\.boot=http://10\\.77\\.0\\.1:7480/boot/claim\\?"
                                        + "(&?(mac|uuid|serial|asset|board|manufacturer|product)"
                                        + "=[0-9a-f:-]+|&?platform=(efi|pcbios))+"))
                .anyMatch(argument -> argument.startsWith("formwork.boot="));
    }

    private List<String> machines(Lab lab) throws IOException, InterruptedException {
        return run(lab, "machines");
    }

    private List<String> run(Lab lab, String... arguments)
            throws IOException, InterruptedException {
        try (Running asked = lab.start("formwork", lab.name(), formwork(arguments))) {
            return asked.toEnd();
        }
    }

    /// A command of the program, with the engine's data in the test's directory.
    private List<String> formwork(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "FORMWORK_APP=" + Checkout.root(),
                                "FORMWORK_HOME=" + folder.resolve("data"),
                                "FORMWORK_TTY="));
        command.addAll(CliProcess.program());
        command.addAll(List.of(arguments));
        return command;
    }
}
