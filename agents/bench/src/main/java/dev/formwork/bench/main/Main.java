package dev.formwork.bench.main;

import dev.formwork.bench.boot.Boot;
import dev.formwork.bench.boot.BootSizes;
import dev.formwork.bench.dhcp.Dhcp;
import dev.formwork.bench.dhcp.DhcpSizes;
import dev.formwork.bench.report.Options;
import dev.formwork.bench.transfer.Transfer;
import dev.formwork.bench.transfer.TransferSizes;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `agents/bench/run NAME [--json] [--quick] [--directory DIR]`.
public final class Main {
    private static final String USAGE =
            """
            usage: agents/bench/run NAME [--json] [--quick] [--directory DIR]

              dhcp             durable DHCP exchanges per second, beside Kea and dnsmasq
              transfer         TFTP and HTTP, beside tftpd-hpa and nginx; 50 machines at once
              boot             seconds from power-on to the agent, beside the bare kernel

              --json           one JSON object with all figures, instead of tables
              --quick          one short round of each: whether it works, not how fast it is
              --directory DIR  where leases and files are kept, and deleted again (default: the
                               system's temporary directory); leases are forced to its disk
            """;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(List.of(arguments)).orElseGet(Main::usage);
        String command = ("agents/bench/run " + String.join(" ", arguments)).strip();
        switch (options.name()) {
            case "dhcp" -> {
                require(Dhcp.missing());
                options.print(
                        new Dhcp(
                                        options.quick() ? DhcpSizes.QUICK : DhcpSizes.STANDARD,
                                        Main::progress)
                                .measure(options.directory(), command));
            }
            case "transfer" -> {
                require(Transfer.missing());
                options.print(
                        new Transfer(
                                        options.quick()
                                                ? TransferSizes.QUICK
                                                : TransferSizes.STANDARD,
                                        Main::progress)
                                .measure(options.directory(), command));
            }
            case "boot" -> {
                require(Boot.missing());
                options.print(
                        new Boot(
                                        options.quick() ? BootSizes.QUICK : BootSizes.STANDARD,
                                        folder("formwork.bench.workshop"),
                                        folder("formwork.bench.agent"),
                                        Main::progress)
                                .measure(options.directory(), command));
            }
            default -> usage();
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    /// The launcher says where it is.
    private static Path folder(String property) {
        return Path.of(Optional.ofNullable(System.getProperty(property)).orElseThrow());
    }

    private static void require(Optional<String> missing) {
        missing.ifPresent(why -> {
            System.err.println("cannot be measured: " + why);
            System.exit(1);
        });
    }

    private static Options usage() {
        System.err.print(USAGE);
        System.exit(2);
        throw new IllegalStateException();
    }
}
