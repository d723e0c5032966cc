package dev.formwork.bench.dhcp;

import dev.formwork.bench.dhcp.DhcpReport.ServerFigure;
import dev.formwork.bench.network.Segment;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.testkit.lab.Running;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The benchmark. Servers take turns on one host, as they serve the same port; each starts anew,
/// and is asked by more clients in a second until it loses some.
public final class Dhcp {
    /// More than that is not "without loss".
    private static final double SOME = 0.01;

    /// There is no use in asking more of a server that loses as many.
    private static final double MANY = 0.2;

    private final DhcpSizes sizes;
    private final Consumer<String> progress;

    /// @param progress told what is being measured
    public Dhcp(DhcpSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /// One turn of one server.
    private record Turn(double most, double withoutLoss, double offerMs, double acknowledgedMs) {}

    /// What it takes, besides servers to compare with; empty where that is there.
    public static Optional<String> missing() {
        return Segment.missing().or(Perfdhcp::missing);
    }

    /// @param parent where a directory is made, and deleted in the end: leases are on its disk
    /// @param command that repeats it
    public DhcpReport measure(Path parent, String command) throws Exception {
        List<String> missing = new ArrayList<>();
        List<DhcpContender> contenders = new ArrayList<>();
        for (DhcpContender each : DhcpContender.values()) {
            each.missing().ifPresentOrElse(missing::add, () -> contenders.add(each));
        }
        Map<DhcpContender, List<Turn>> turns = new EnumMap<>(DhcpContender.class);
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            for (int round = 1; round <= sizes.rounds(); round++) {
                for (DhcpContender each : contenders) {
                    progress.accept("dhcp: round " + round + ", " + each.title());
                    Path folder =
                            Files.createDirectories(scratch.path().resolve(each.name() + round));
                    turns.computeIfAbsent(each, _ -> new ArrayList<>()).add(turn(each, folder));
                }
            }
            return new DhcpReport(
                    "dhcp",
                    command,
                    Clock.systemUTC().instant(),
                    machine,
                    MachineFacts.loadNow(),
                    figures(turns),
                    missing);
        }
    }

    private Turn turn(DhcpContender contender, Path folder) throws Exception {
        double most = 0;
        double withoutLoss = 0;
        List<Perfdhcp.Load> loads = new ArrayList<>();
        try (Segment segment = new Segment(folder);
                Running _ = contender.start(segment, folder)) {
            int run = 0;
            if (contender.isCompiledAsItRuns() && sizes.warmUpSeconds() > 0) {
                var _ = Perfdhcp.run(segment, sizes.warmUpRate(), sizes.warmUpSeconds(), run);
            }
            for (int rate : sizes.rates()) {
                Perfdhcp.Load load = Perfdhcp.run(segment, rate, sizes.seconds(), ++run);
                loads.add(load);
                progress.accept("dhcp: " + rate + "/s: " + load);
                most = Math.max(most, (double) load.completed() / sizes.seconds());
                if (load.lost() <= SOME) {
                    withoutLoss = rate;
                }
                if (load.lost() > MANY) {
                    break;
                }
            }
        }
        Perfdhcp.Load first = loads.getFirst();
        return new Turn(most, withoutLoss, first.offerMs(), first.acknowledgementMs());
    }

    private static List<ServerFigure> figures(Map<DhcpContender, List<Turn>> turns) {
        Optional<List<Double>> kea =
                Optional.ofNullable(turns.get(DhcpContender.KEA)).map(Dhcp::mosts);
        List<ServerFigure> figures = new ArrayList<>();
        turns.forEach((contender, all) ->
                figures.add(
                        new ServerFigure(
                                contender.title(),
                                Series.of(mosts(all), 0),
                                Series.of(all.stream().map(Turn::withoutLoss).toList(), 0),
                                Series.of(all.stream().map(Turn::offerMs).toList(), 2),
                                Series.of(all.stream().map(Turn::acknowledgedMs).toList(), 2),
                                kea.filter(_ -> contender != DhcpContender.KEA)
                                        .map(theirs -> Series.ratios(mosts(all), theirs)))));
        return figures;
    }

    private static List<Double> mosts(List<Turn> turns) {
        return turns.stream().map(Turn::most).toList();
    }
}
