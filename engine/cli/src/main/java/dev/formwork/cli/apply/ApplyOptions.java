package dev.formwork.cli.apply;

import picocli.CommandLine.Option;

/// How a plan is applied.
public final class ApplyOptions {
    @Option(
            names = {"-y", "--yes"},
            description = "Approves the plan without asking.")
    boolean yes;

    @Option(names = "--detach", description = "Starts the run and does not wait for its end.")
    boolean detach;

    @Option(
            names = "--no-refresh",
            description = "Believes the records: asks no provider and runs no check.")
    boolean noRefresh;

    /// Approves without asking, and waits for the end.
    public static ApplyOptions approved() {
        ApplyOptions options = new ApplyOptions();
        options.yes = true;
        return options;
    }
}
