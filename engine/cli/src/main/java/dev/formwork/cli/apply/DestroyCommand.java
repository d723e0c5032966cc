package dev.formwork.cli.apply;

import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.plan.ClusterName;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `formwork destroy`.
@Command(
        name = "destroy",
        description =
                "Removes a cluster with its machines: plans it, shows the plan, asks, runs it.")
public final class DestroyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name, or its file.")
    private String cluster = "";

    @Mixin private ApplyOptions options;

    public DestroyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path file = session.resolve(Path.of(cluster));
        boolean isFile = Files.isRegularFile(file) || Files.exists(file.resolve("cluster.yaml"));
        String name = isFile ? ClusterName.of(ClusterFile.read(cluster, file)) : cluster;
        return new Application(session)
                .apply(
                        session.client().makePlan(PlanRequests.destroy(name, !options.noRefresh)),
                        options)
                .exitCode();
    }
}
