package dev.formwork.cli.apply;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork apply`.
@Command(
        name = "apply",
        description =
                "Makes a cluster what its file says: plans, shows the plan, asks, runs it. Ctrl-C"
                        + " detaches and leaves the run alone.")
public final class ApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The cluster's file, or its folder.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--plan",
            paramLabel = "DIGEST",
            description = "Applies exactly this plan, which `formwork plan` printed.")
    private Optional<String> plan = Optional.empty();

    @Mixin private ApplyOptions options;
    @Mixin private PackOptions packs;

    public ApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (file.isPresent() == plan.isPresent()) {
            throw ProblemException.of(
                    "cli.usage",
                    "name either a file or a plan",
                    "apply FILE, or apply --plan DIGEST");
        }
        return new Application(session).apply(made(), options).exitCode();
    }

    private PlanDocument made() {
        if (plan.isPresent()) {
            return session.client().plan(plan.get());
        }
        Path named = file.orElseThrow();
        ClusterFile cluster = ClusterFile.read(named.toString(), session.resolve(named));
        return session.client()
                .makePlan(
                        PlanRequests.apply(
                                cluster,
                                packs.upload(session, Optional.of(cluster.path())),
                                !options.noRefresh));
    }
}
