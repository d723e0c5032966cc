package dev.formwork.bench.boot;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
/// @param overBare the container OS's agent over the bare kernel's request, round by round, from
///   power-on
/// @param overBareFromKernel the same from when the kernel runs: what was before is firmware and
///   network
public record BootReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<SystemFigure> systems,
        Optional<Series> overBare,
        Optional<Series> overBareFromKernel)
        implements Report {
    public BootReport {
        systems = List.copyOf(systems);
    }

    /// Seconds are those since power-on.
    ///
    /// @param script the machine asks what to boot
    /// @param kernel it has loaded all, and its kernel runs
    /// @param first its first request: of the bare kernel, or for the container OS's configuration
    /// @param agent the agent's first request to its engine, which the bare kernel has not: `first`
    public record SystemFigure(
            String system,
            double kernelMegabytes,
            double initrdMegabytes,
            Series script,
            Series kernel,
            Series first,
            Series agent) {}

    @Override
    public String text() {
        Table table =
                new Table(
                        "From power-on, seconds, median [least-most]; BIOS, iPXE, without KVM",
                        "system",
                        "kernel MB",
                        "initrd MB",
                        "script",
                        "kernel",
                        "first request",
                        "",
                        "agent",
                        "");
        for (SystemFigure each : systems) {
            table.row(
                    each.system(),
                    "%.1f".formatted(each.kernelMegabytes()),
                    "%.1f".formatted(each.initrdMegabytes()),
                    "%.1f".formatted(each.script().median()),
                    "%.1f".formatted(each.kernel().median()),
                    "%.1f".formatted(each.first().median()),
                    each.first().range("%.1f"),
                    "%.1f".formatted(each.agent().median()),
                    each.agent().range("%.1f"));
        }
        return machine.heading(command, at, loadAverageAtEnd)
                + "\n"
                + table.text()
                + told("over the bare kernel", overBare)
                + told("from when the kernel runs", overBareFromKernel);
    }

    private static String told(String what, Optional<Series> ratio) {
        return ratio.map(each ->
                        "  %s: %.2f %s%n".formatted(what, each.median(), each.range("%.2f")))
                .orElse("");
    }
}
