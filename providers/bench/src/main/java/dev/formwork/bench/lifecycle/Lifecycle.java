package dev.formwork.bench.lifecycle;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// The benchmark: a cluster of machines is planned, approved and applied through an engine's API,
/// and then destroyed. The engine keeps its state in H2, as it does if nobody says otherwise.
public final class Lifecycle {
    private final LifecycleSizes sizes;
    private final Consumer<String> progress;

    /// @param progress told what is being measured
    public Lifecycle(LifecycleSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    private record Round(double plans, double making, double releasing) {
        double all() {
            return plans + making + releasing;
        }
    }

    /// @param parent where a directory is made, and deleted in the end: the engine's state is on
    ///   its disk
    /// @param command that repeats it
    public LifecycleReport measure(Path parent, String command)
            throws IOException, InterruptedException {
        List<Round> rounds = new ArrayList<>();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            for (int round = 1; round <= sizes.rounds(); round++) {
                progress.accept("lifecycle: round " + round);
                rounds.add(round(scratch.path().resolve("round-" + round)));
            }
            return new LifecycleReport(
                    "lifecycle",
                    command,
                    Clock.systemUTC().instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.machines(),
                    series(rounds, Round::plans),
                    series(rounds, Round::making),
                    series(rounds, Round::releasing),
                    series(rounds, Round::all));
        }
    }

    private static Series series(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Series.of(rounds.stream().map(each -> figure.applyAsDouble(each)).toList(), 2);
    }

    private Round round(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path data = directory.resolve("data");
        ServeConfig config =
                ServeConfig.of(
                                data,
                                List.of(pack(directory.resolve("pack"))),
                                new AgentLaunch(List.of("/bin/false")),
                                "bench")
                        .withPort(0)
                        .withEngineAgent(false)
                        .withConsole(false);
        try (RunningServer server = EngineServer.start(config);
                EngineCalls user =
                        new EngineCalls(
                                server.uri(),
                                Files.readString(data.resolve("api-token")).strip())) {
            long began = System.nanoTime();
            String apply = user.approved(Map.of("kind", "apply", "cluster_yaml", cluster()));
            double plans = since(began);
            began = System.nanoTime();
            user.carryOut(apply);
            final double making = since(began);
            require(user.machines("fleet"), sizes.machines());
            began = System.nanoTime();
            String destroy = user.approved(Map.of("kind", "destroy", "cluster", "fleet"));
            plans += since(began);
            began = System.nanoTime();
            user.carryOut(destroy);
            double releasing = since(began);
            require(user.machines("fleet"), 0);
            return new Round(plans, making, releasing);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static void require(int machines, int wanted) throws IOException {
        if (machines != wanted) {
            throw new IOException("there are %d machines, not %d".formatted(machines, wanted));
        }
    }

    private String cluster() {
        return """
        kind: Cluster
        name: fleet
        workflow: bench/nothing
        groups: {machines: {count: %d, provider: memory}}
        """
                .formatted(sizes.machines());
    }

    /// A workflow has to have a step; this one is skipped.
    private static Path pack(Path pack) throws IOException {
        Files.createDirectories(pack.resolve("nothing"));
        Files.createDirectories(pack.resolve("never"));
        Files.writeString(pack.resolve("pack.yaml"), "kind: Pack\nname: bench\nversion: 1.0.0\n");
        Files.writeString(
                pack.resolve("never/module.yaml"),
                """
                kind: Task
                name: bench/never
                version: 1.0.0
                run: 'false'
                """);
        Files.writeString(
                pack.resolve("nothing/module.yaml"),
                """
                kind: Workflow
                name: bench/nothing
                version: 1.0.0
                groups: [machines]
                steps:
                  never: {on: engine, uses: bench/never, when: "${{ false }}"}
                """);
        return pack;
    }
}
