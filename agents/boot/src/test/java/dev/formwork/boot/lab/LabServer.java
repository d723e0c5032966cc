package dev.formwork.boot.lab;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.DirectorySource;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.lease.DhcpSettings;
import dev.formwork.boot.lease.JournalLeaseBook;
import dev.formwork.boot.lease.Subnet;
import dev.formwork.boot.pxe.NetworkBoot;
import dev.formwork.boot.pxe.Platform;
import dev.formwork.boot.script.Decision;
import dev.formwork.boot.script.LinuxBoot;
import dev.formwork.boot.script.ScriptSource;
import dev.formwork.boot.server.BootServer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The boot server as a process of its own, which the lab puts into a network namespace. Says on
/// its standard output what is asked of it and what it sees; ends when its standard input does.
final class LabServer {
    static final int HTTP_PORT = 8080;

    /// The serial number of a machine that has a system.
    static final String INSTALLED = "installed";

    private LabServer() {}

    /// @param args links with commas between, first and last address to give out on the first or
    ///   `proxy` twice, journal, files; on a second link what is one network further
    public static void main(String[] args) throws IOException {
        boolean isProxy = args[1].equals("proxy");
        List<String> links = List.of(args[0].split(",", -1));
        List<Subnet> subnets =
                isProxy
                        ? List.of()
                        : IntStream.range(0, links.size())
                                .mapToObj(at -> subnet(args, at))
                                .toList();
        NetworkBoot boot =
                new NetworkBoot(
                        Map.of(
                                Platform.BIOS, "undionly.kpxe",
                                Platform.UEFI_AMD64, "snponly.efi"),
                        HTTP_PORT,
                        "/" + ScriptSource.FIRST);
        LinuxBoot environment =
                new LinuxBoot("lab", "lab/kernel", List.of("lab/initrd"), List.of("console=ttyS0"));
        ContentSource scripts =
                new ScriptSource((machine, _) -> {
                    say("MACHINE " + machine);
                    return machine.serial().equals(INSTALLED)
                            ? new Decision.LocalDisk()
                            : new Decision.Boot(environment);
                });
        ContentSource files =
                ContentSource.firstOf(List.of(scripts, new DirectorySource(Path.of(args[4]))));
        ContentSource told =
                asked -> {
                    say("ASK " + asked.path() + " " + asked.client());
                    return files.find(asked);
                };
        try (JournalLeaseBook book = new JournalLeaseBook(Path.of(args[3]));
                BootServer _ =
                        BootServer.start(
                                new BootServer.Settings(
                                        links,
                                        new DhcpSettings(subnets, Set.of(), Set.of(), true),
                                        isProxy,
                                        boot),
                                book,
                                told,
                                Clock.systemUTC(),
                                seen -> say("SEEN " + seen.code() + " " + seen.detail()))) {
            say("READY");
            while (System.in.read() >= 0) {
                // Until the lab ends.
            }
        }
    }

    private static Subnet subnet(String[] args, int link) {
        int further = link << 16;
        return new Subnet(
                Cidr.parse("10." + (77 + link) + ".0.0/24"),
                List.of(
                        new Subnet.Range(
                                Ipv4.parse(args[1]).plus(further),
                                Ipv4.parse(args[2]).plus(further))),
                List.of(),
                List.of(Ipv4.parse("10.77.0.1").plus(further)),
                List.of(),
                "",
                Duration.ofHours(1),
                DhcpOptions.NONE);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
