package dev.formwork.bench.ssh;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps the cores busy
/// @param parallel hosts that were worked on at once, by everybody
/// @param missing what was left out, and why
public record SshReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        int parallel,
        List<FleetFigure> fleets,
        List<String> missing)
        implements Report {

    public SshReport {
        fleets = List.copyOf(fleets);
        missing = List.copyOf(missing);
    }

    /// Seconds for a command on all hosts.
    ///
    /// @param cold from the start of the program, with a connection made to each
    /// @param anew with connections made anew, in the program that runs
    /// @param connected over connections that are there
    /// @param coldCpu of the program, cold: seconds of CPU
    /// @param othersCpu of all else on this host meanwhile, which is the servers where nothing else
    ///   runs
    /// @param ansible empty where it is not installed
    public record FleetFigure(
            int hosts,
            Series cold,
            Series anew,
            Series connected,
            Series coldCpu,
            Series othersCpu,
            Optional<AnsibleFigure> ansible) {}

    /// Seconds and, round by round, how many times ours they are.
    ///
    /// @param cold no ControlMaster runs
    /// @param warm one for each host does
    /// @param coldCpu cold: seconds of CPU, without those of the servers
    /// @param coldRatio cold, over ours cold
    /// @param anewRatio cold, over ours with connections made anew
    /// @param warmRatio with warm ControlMasters, over ours with connections
    /// @param cpuRatio of the seconds of CPU, cold
    public record AnsibleFigure(
            Series cold,
            Series warm,
            Series coldCpu,
            Series coldRatio,
            Series anewRatio,
            Series warmRatio,
            Series cpuRatio) {}

    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(machine.heading(command, at, loadAverageAtEnd)).append('\n');
        text.append(seconds().text()).append('\n');
        text.append(cpu().text()).append('\n').append(ratios().text());
        missing.forEach(why -> text.append("  not measured: ").append(why).append('\n'));
        return text.toString();
    }

    private Table seconds() {
        Table table =
                new Table(
                        "a command on each host, %d at once; seconds, median [least-most]"
                                .formatted(parallel),
                        "hosts",
                        "rounds",
                        "formwork cold",
                        "",
                        "anew",
                        "",
                        "connected",
                        "",
                        "ansible cold",
                        "",
                        "warm",
                        "");
        for (FleetFigure each : fleets) {
            List<String> cells = begun(each);
            cells.add(Integer.toString(each.cold().rounds().size()));
            add(cells, "%.2f", each.cold(), each.anew());
            add(cells, "%.3f", each.connected());
            each.ansible().ifPresent(figure -> add(cells, "%.1f", figure.cold(), figure.warm()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private Table cpu() {
        Table table =
                new Table(
                        "cold; seconds of CPU, median [least-most]",
                        "hosts",
                        "formwork",
                        "",
                        "servers, and all else",
                        "",
                        "ansible",
                        "");
        for (FleetFigure each : fleets) {
            List<String> cells = begun(each);
            add(cells, "%.2f", each.coldCpu(), each.othersCpu());
            each.ansible().ifPresent(figure -> add(cells, "%.1f", figure.coldCpu()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private Table ratios() {
        Table table =
                new Table(
                        "ansible's over ours, round by round, median [least-most]",
                        "hosts",
                        "cold",
                        "",
                        "cold / anew",
                        "",
                        "warm ControlMaster / connected",
                        "",
                        "CPU, cold",
                        "");
        for (FleetFigure each : fleets) {
            each.ansible()
                    .ifPresent(figure -> {
                        List<String> cells = begun(each);
                        add(
                                cells,
                                "%.1f",
                                figure.coldRatio(),
                                figure.anewRatio(),
                                figure.warmRatio(),
                                figure.cpuRatio());
                        table.row(cells.toArray(String[]::new));
                    });
        }
        return table;
    }

    private static List<String> begun(FleetFigure fleet) {
        return new ArrayList<>(List.of(Integer.toString(fleet.hosts())));
    }

    private static void add(List<String> cells, String format, Series... figures) {
        for (Series each : figures) {
            cells.add(format.formatted(each.median()));
            cells.add(each.range(format));
        }
    }
}
