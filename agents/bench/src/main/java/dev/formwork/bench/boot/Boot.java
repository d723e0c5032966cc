package dev.formwork.bench.boot;

import dev.formwork.bench.boot.BootReport.SystemFigure;
import dev.formwork.bench.network.Programs;
import dev.formwork.bench.network.Segment;
import dev.formwork.bench.network.ServedSite;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The benchmark. Machines boot one after the other, by the network and from our server: the bare
/// kernel and the container OS in turns.
public final class Boot {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String HOST = "10.77.0.1";

    /// How the MAC addresses begin of those that boot the one or the other.
    private static final String BARE_MACS = "52:54:00:77:01";

    private static final String CONTAINER_OS_MACS = "52:54:00:77:02";

    private final BootSizes sizes;
    private final Systems systems;
    private final Consumer<String> progress;
    private final Set<String> addresses = new HashSet<>();

    /// @param workshop where what is booted is built, and stays
    /// @param agent the folder with the agent's jars
    /// @param progress told what is being measured
    public Boot(BootSizes sizes, Path workshop, Path agent, Consumer<String> progress) {
        this.sizes = sizes;
        this.systems = new Systems(workshop, agent, progress);
        this.progress = progress;
    }

    /// Seconds from power-on.
    private record Times(double script, double kernel, double first, double agent) {
        double fromKernel() {
            return agent - kernel;
        }
    }

    /// What it takes; empty where that is there.
    public static Optional<String> missing() {
        return Stream.of(
                        Segment.missing(),
                        Programs.missing("qemu-system-x86_64", "qemu-system-x86"),
                        Programs.missing("dnsmasq", "dnsmasq-base"),
                        Programs.missing("mksquashfs", "squashfs-tools"),
                        Programs.missing("apt-get", "apt"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public BootReport measure(Path parent, String command) throws Exception {
        systems.build(sizes.systems());
        Map<String, List<Times>> times = new TreeMap<>();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            try (Lab lab = new Lab(scratch.path())) {
                var _ = lab.routerAdvertiser();
                Running site = ServedSite.start(lab, lab.name(), settings(scratch.path()));
                for (int round = 1; round <= sizes.rounds(); round++) {
                    for (String system : sizes.systems()) {
                        Times each = boot(lab, site, system, round);
                        progress.accept("boot: " + system + ", round " + round + ": " + each);
                        times.computeIfAbsent(system, _ -> new ArrayList<>()).add(each);
                    }
                }
            }
            List<SystemFigure> figures = new ArrayList<>();
            for (Map.Entry<String, List<Times>> each : times.entrySet()) {
                figures.add(figure(each.getKey(), each.getValue()));
            }
            return new BootReport(
                    "boot",
                    command,
                    Clock.systemUTC().instant(),
                    machine,
                    MachineFacts.loadNow(),
                    figures,
                    ratio(times, Times::agent),
                    ratio(times, Times::fromKernel));
        }
    }

    private ServedSite.Settings settings(Path scratch) {
        String engine = "http://" + HOST + ":" + ServedSite.ENGINE_PORT;
        String configuration = "http://" + HOST + ":" + ServedSite.HTTP_PORT + "/machine";
        return new ServedSite.Settings(
                "br0",
                scratch.resolve("leases"),
                systems.files(),
                true,
                true,
                List.of(
                        new ServedSite.Boots(
                                BARE_MACS, Systems.BARE, arguments("bench.ask=" + engine + "/")),
                        new ServedSite.Boots(
                                CONTAINER_OS_MACS,
                                Systems.CONTAINER_OS,
                                arguments("formwork.boot=" + configuration))));
    }

    /// The kernel says which it is as soon as it runs, and little more.
    private static List<String> arguments(String one) {
        return List.of("console=ttyS0", "earlyprintk=ttyS0", "loglevel=6", one);
    }

    private Times boot(Lab lab, Running site, String system, int round) throws Exception {
        long began = System.nanoTime();
        try (Running console =
                lab.machine(
                        Lab.Firmware.BIOS,
                        (system.equals(Systems.BARE) ? BARE_MACS : CONTAINER_OS_MACS)
                                + ":%02x".formatted(round),
                        "-m",
                        Integer.toString(sizes.megabytes()))) {
            String asked =
                    site.await(
                            line ->
                                    line.startsWith("ASK boot/script ")
                                            && !addresses.contains(address(line)),
                            "that " + system + " asks for its script",
                            PATIENCE);
            double script = since(began);
            String address = address(asked);
            addresses.add(address);
            console.await(line -> line.contains("Linux version"), "that the kernel runs", PATIENCE);
            double kernel = since(began);
            double first = 0;
            if (system.equals(Systems.CONTAINER_OS)) {
                site.await(
                        line -> line.equals("ASK machine " + address),
                        "that " + system + " asks for its configuration",
                        PATIENCE);
                first = since(began);
            }
            site.await(
                    line -> line.startsWith("ENGINE ") && address(line).equals(address),
                    "a request by " + system,
                    PATIENCE);
            double agent = since(began);
            return new Times(script, kernel, first == 0 ? agent : first, agent);
        }
    }

    /// The last word of a line.
    private static String address(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private SystemFigure figure(String system, List<Times> times) throws IOException {
        Path folder = systems.files().resolve(system);
        return new SystemFigure(
                system,
                Files.size(folder.resolve("kernel")) / 1e6,
                Files.size(folder.resolve("initrd")) / 1e6,
                series(times, Times::script),
                series(times, Times::kernel),
                series(times, Times::first),
                series(times, Times::agent));
    }

    private static Series series(List<Times> times, ToDoubleFunction<Times> part) {
        return Series.of(times.stream().mapToDouble(part).boxed().toList(), 2);
    }

    private static Optional<Series> ratio(
            Map<String, List<Times>> times, ToDoubleFunction<Times> part) {
        @Nullable List<Times> ours = times.get(Systems.CONTAINER_OS);
        @Nullable List<Times> bare = times.get(Systems.BARE);
        return ours == null || bare == null
                ? Optional.empty()
                : Optional.of(
                        Series.ratios(series(ours, part).rounds(), series(bare, part).rounds()));
    }
}
