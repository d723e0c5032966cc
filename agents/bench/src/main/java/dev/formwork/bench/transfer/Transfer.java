package dev.formwork.bench.transfer;

import dev.formwork.bench.network.Programs;
import dev.formwork.bench.network.Segment;
import dev.formwork.bench.network.ServedSite;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.transfer.TransferReport.FleetFigure;
import dev.formwork.bench.transfer.TransferReport.HttpFigure;
import dev.formwork.bench.transfer.TransferReport.TftpFigure;
import dev.formwork.boot.tftp.TftpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// The benchmark. All servers serve the same files on one host, and are asked in turns.
public final class Transfer {
    private static final double MEBIBYTE = 1 << 20;
    private static final double GIGABIT = 1e9 / 8;
    private static final int NGINX_PORT = 8081;
    private static final int TFTPD_PORT = 1069;
    private static final String FLEET = "fleet";

    private final TransferSizes sizes;
    private final Consumer<String> progress;

    /// @param progress told what is being measured
    public Transfer(TransferSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /// What it takes, besides servers to compare with; empty where that is there.
    public static Optional<String> missing() {
        return Segment.missing().or(() -> Programs.missing("tc", "iproute2"));
    }

    static Optional<String> noNginx() {
        return Programs.missing("nginx", "nginx-light");
    }

    static Optional<String> noTftpd() {
        return Programs.missing("in.tftpd", "tftpd-hpa");
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public TransferReport measure(Path parent, String command) throws Exception {
        Optional<String> noNginx = noNginx();
        Optional<String> noTftpd = noTftpd();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            Path files = files(scratch.path());
            try (Segment segment = new Segment(scratch.path())) {
                var _ =
                        segment.serve(
                                new ServedSite.Settings(
                                        Segment.CARD,
                                        scratch.path().resolve("leases"),
                                        files,
                                        true,
                                        false,
                                        List.of(
                                                new ServedSite.Boots(
                                                        MachinesProgram.MACS, FLEET, List.of()))));
                if (noNginx.isEmpty()) {
                    nginx(segment, scratch.path(), files);
                }
                if (noTftpd.isEmpty()) {
                    tftpd(segment, files);
                }
                return new TransferReport(
                        "transfer",
                        command,
                        Clock.systemUTC().instant(),
                        machine,
                        MachineFacts.loadNow(),
                        https(segment, noNginx.isEmpty()),
                        tftps(segment, noTftpd.isEmpty()),
                        fleet(segment),
                        List.of(noNginx, noTftpd).stream().flatMap(Optional::stream).toList());
            }
        }
    }

    private Path files(Path scratch) throws IOException {
        Path files = Files.createDirectories(scratch.resolve("files"));
        Path fleet = Files.createDirectories(files.resolve(FLEET));
        random(files.resolve("http"), sizes.httpMegabytes() << 20);
        random(files.resolve("tftp"), sizes.tftpMegabytes() << 20);
        random(fleet.resolve("kernel"), sizes.kernelMegabytes() * 1_000_000);
        random(fleet.resolve("initrd"), sizes.initrdMegabytes() * 1_000_000);
        // As large as iPXE's, which need not be installed.
        random(files.resolve("undionly.kpxe"), 70_000);
        return files;
    }

    private static void random(Path file, int size) throws IOException {
        byte[] octets = new byte[1 << 16];
        new Random(size).nextBytes(octets);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int left = size; left > 0; left -= octets.length) {
                out.write(octets, 0, Math.min(left, octets.length));
            }
        }
    }

    private static void nginx(Segment segment, Path folder, Path files) throws IOException {
        Path configuration =
                Files.writeString(
                        folder.resolve("nginx.conf"),
                        """
                        daemon off;
                        user root;
                        pid %1$s/nginx.pid;
                        error_log stderr;
                        worker_processes auto;
                        events {}
                        http {
                          access_log off;
                          sendfile on;
                          tcp_nopush on;
                          # Else it ends a connection after a thousand files, which little ones soon are.
                          keepalive_requests 100000000;
                          client_body_temp_path %1$s/nginx-body;
                          proxy_temp_path %1$s/nginx-proxy;
                          fastcgi_temp_path %1$s/nginx-fastcgi;
                          uwsgi_temp_path %1$s/nginx-uwsgi;
                          scgi_temp_path %1$s/nginx-scgi;
                          server { listen %2$s:%3$d backlog=1024; root %4$s; }
                        }
                        """
                                .formatted(folder, Segment.SERVER, NGINX_PORT, files));
        var _ =
                segment.serve(
                        "nginx", List.of("nginx", "-e", "stderr", "-c", configuration.toString()));
    }

    private static void tftpd(Segment segment, Path files) throws IOException {
        var _ =
                segment.serve(
                        "in.tftpd",
                        List.of(
                                "in.tftpd",
                                "--foreground",
                                "--user",
                                "root",
                                "--address",
                                Segment.SERVER + ":" + TFTPD_PORT,
                                "--secure",
                                files.toString()));
    }

    private List<HttpFigure> https(Segment segment, boolean hasNginx) throws Exception {
        List<HttpFigure> figures = new ArrayList<>();
        for (int connections : sizes.connections()) {
            Rounds rounds =
                    rounds(
                            "http, " + connections + " connections",
                            () -> http(segment, ServedSite.HTTP_PORT, connections),
                            hasNginx
                                    ? Optional.of(() -> http(segment, NGINX_PORT, connections))
                                    : Optional.empty());
            figures.add(
                    new HttpFigure(connections, rounds.our(), rounds.their(), rounds.ofTheirs()));
        }
        return figures;
    }

    private List<TftpFigure> tftps(Segment segment, boolean hasTftpd) throws Exception {
        List<TftpFigure> figures = new ArrayList<>();
        for (TransferSizes.Tftp terms : sizes.tftp()) {
            Rounds rounds =
                    rounds(
                            "tftp, " + terms,
                            () -> tftp(segment, TftpServer.PORT, terms),
                            hasTftpd && terms.window() == 1
                                    ? Optional.of(() -> tftp(segment, TFTPD_PORT, terms))
                                    : Optional.empty());
            figures.add(
                    new TftpFigure(
                            terms.block(),
                            terms.window(),
                            terms.clients(),
                            rounds.our(),
                            rounds.their(),
                            rounds.ofTheirs()));
        }
        return figures;
    }

    private FleetFigure fleet(Segment segment) throws Exception {
        segment.giveClientsTheirAddresses();
        List<Double> seconds = new ArrayList<>();
        List<Double> firstSeconds = new ArrayList<>();
        List<Double> ofSegment = new ArrayList<>();
        List<Double> asFiles = new ArrayList<>();
        long octets = 0;
        for (int boot = 1; boot <= sizes.boots(); boot++) {
            progress.accept("fleet: " + sizes.machines() + " machines, boot " + boot);
            segment.shape("1gbit");
            MachinesProgram.Booted booted =
                    MachinesProgram.Booted.parse(
                            segment.ask(
                                            "machines",
                                            MachinesProgram.class,
                                            Integer.toString(sizes.machines()),
                                            FLEET,
                                            Integer.toString(boot))
                                    .toEnd());
            // The one that warms up loads as much, and goes over the segment too.
            double all = (double) segment.sent() * sizes.machines() / (sizes.machines() + 1);
            segment.shapeNoMore();
            octets = booted.octets();
            seconds.add(booted.seconds());
            firstSeconds.add(booted.firstSeconds());
            ofSegment.add(all / booted.seconds() / GIGABIT);
            asFiles.add(octets / booted.seconds() / GIGABIT);
            progress.accept("fleet: " + booted + ", " + ofSegment.getLast());
        }
        return new FleetFigure(
                sizes.machines(),
                octets / 1e6 / sizes.machines(),
                Series.of(seconds, 2),
                Series.of(firstSeconds, 2),
                Series.of(ofSegment, 3),
                Series.of(asFiles, 3));
    }

    private double http(Segment segment, int port, int connections) throws Exception {
        return LoadProgram.parse(
                        segment.ask(
                                        "http",
                                        LoadProgram.class,
                                        Integer.toString(sizes.seconds()),
                                        Segment.SERVER,
                                        Integer.toString(port),
                                        "/http",
                                        Integer.toString(connections))
                                .toEnd())
                / MEBIBYTE;
    }

    private double tftp(Segment segment, int port, TransferSizes.Tftp terms) throws Exception {
        return LoadProgram.parse(
                        segment.ask(
                                        "tftp",
                                        LoadProgram.class,
                                        Integer.toString(sizes.seconds()),
                                        Segment.SERVER,
                                        Integer.toString(port),
                                        "tftp",
                                        Integer.toString(terms.clients()),
                                        Integer.toString(terms.block()),
                                        Integer.toString(terms.window()))
                                .toEnd())
                / MEBIBYTE;
    }

    /// One transfer; its rate.
    @FunctionalInterface
    private interface Measured {
        double rate() throws Exception;
    }

    private record Rounds(Series our, Optional<Series> their, Optional<Series> ofTheirs) {}

    private Rounds rounds(String what, Measured ours, Optional<Measured> theirs) throws Exception {
        List<Double> our = new ArrayList<>();
        List<Double> their = new ArrayList<>();
        for (int round = -sizes.warmUps(); round < sizes.rounds(); round++) {
            double rate = ours.rate();
            progress.accept("transfer: " + what + ": " + Math.round(rate) + " MiB/s");
            if (round >= 0) {
                our.add(rate);
            }
            if (theirs.isPresent()) {
                double other = theirs.get().rate();
                progress.accept("transfer: " + what + ": theirs " + Math.round(other) + " MiB/s");
                if (round >= 0) {
                    their.add(other);
                }
            }
        }
        return new Rounds(
                Series.of(our, 1),
                their.isEmpty() ? Optional.empty() : Optional.of(Series.of(their, 1)),
                their.isEmpty() ? Optional.empty() : Optional.of(Series.ratios(our, their)));
    }
}
