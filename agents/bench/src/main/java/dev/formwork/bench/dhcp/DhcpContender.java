package dev.formwork.bench.dhcp;

import dev.formwork.bench.network.Programs;
import dev.formwork.bench.network.Segment;
import dev.formwork.bench.network.ServedSite;
import dev.formwork.testkit.lab.Running;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A DHCP server that takes its turn, with the leases of nobody yet.
enum DhcpContender {
    /// As it is in production: it looks for an address before it offers it.
    FORMWORK("formwork") {
        @Override
        Running start(Segment segment, Path folder) throws Exception {
            return formwork(segment, folder, true);
        }
    },
    /// For a comparison with servers that don't.
    FORMWORK_WITHOUT_PROBES("formwork, no probes") {
        @Override
        Running start(Segment segment, Path folder) throws Exception {
            return formwork(segment, folder, false);
        }
    },
    KEA("kea") {
        @Override
        Optional<String> missing() {
            return Programs.missing("kea-dhcp4", "kea-dhcp4-server");
        }

        @Override
        Running start(Segment segment, Path folder) throws Exception {
            Path configuration = Files.writeString(folder.resolve("kea.json"), kea(folder));
            Running kea =
                    segment.serve(
                            "kea-dhcp4",
                            List.of(
                                    "env",
                                    "KEA_PIDFILE_DIR=" + folder,
                                    "KEA_LOCKFILE_DIR=" + folder,
                                    "kea-dhcp4",
                                    "-c",
                                    configuration.toString()));
            kea.await(line -> line.contains("DHCP4_STARTED"), "DHCP4_STARTED", PATIENCE);
            return kea;
        }
    },
    /// Without its ping: it waits for the answers one after the other, three seconds each.
    DNSMASQ("dnsmasq, no ping") {
        @Override
        Optional<String> missing() {
            return Programs.missing("dnsmasq", "dnsmasq-base");
        }

        @Override
        Running start(Segment segment, Path folder) throws Exception {
            Running dnsmasq =
                    segment.serve(
                            "dnsmasq",
                            List.of(
                                    "dnsmasq",
                                    "--keep-in-foreground",
                                    "--conf-file=/dev/null",
                                    "--user=root",
                                    "--pid-file=",
                                    "--log-facility=-",
                                    "--quiet-dhcp",
                                    "--port=0",
                                    "--no-ping",
                                    "--interface=" + Segment.CARD,
                                    "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
                                    "--dhcp-lease-max=1000000",
                                    "--dhcp-range="
                                            + String.join(
                                                    ",",
                                                    Segment.FIRST,
                                                    Segment.LAST,
                                                    "255.240.0.0",
                                                    "1h")));
            dnsmasq.await(line -> line.contains("IP range"), "its range", PATIENCE);
            return dnsmasq;
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String title;

    DhcpContender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /// What it takes and is not there.
    Optional<String> missing() {
        return Optional.empty();
    }

    /// Whether it becomes faster for a while.
    boolean isCompiledAsItRuns() {
        return this == FORMWORK || this == FORMWORK_WITHOUT_PROBES;
    }

    /// It is ready then.
    ///
    /// @param folder of its own, and empty
    abstract Running start(Segment segment, Path folder) throws Exception;

    private static Running formwork(Segment segment, Path folder, boolean probes) throws Exception {
        return segment.serve(
                new ServedSite.Settings(
                        Segment.CARD, folder.resolve("leases"), folder, probes, false, List.of()));
    }

    /// As Kea's manual has it for relayed clients and several cores. It logs nothing of a lease.
    private static String kea(Path folder) {
        return """
        {"Dhcp4": {
          "interfaces-config": {"interfaces": ["%s"], "dhcp-socket-type": "udp"},
          "multi-threading": {"enable-multi-threading": true},
          "lease-database": {"type": "memfile", "persist": true, "name": "%s", "lfc-interval": 0},
          "valid-lifetime": 3600,
          "subnet4": [{
            "subnet": "%s",
            "pools": [{"pool": "%s - %s"}],
            "option-data": [{"name": "routers", "data": "%s"}]
          }],
          "loggers": [
            {"name": "kea-dhcp4", "severity": "WARN", "output_options": [{"output": "stdout"}]},
            {"name": "kea-dhcp4.dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}
          ]
        }}
        """
                .formatted(
                        Segment.CARD,
                        folder.resolve("kea.csv"),
                        Segment.RELAYED,
                        Segment.FIRST,
                        Segment.LAST,
                        Segment.RELAY);
    }
}
