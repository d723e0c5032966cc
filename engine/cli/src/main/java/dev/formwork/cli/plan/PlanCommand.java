package dev.formwork.cli.plan;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.document.Documents;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork plan`.
@Command(name = "plan", description = "Shows what applying a cluster would do. Changes nothing.")
public final class PlanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "The cluster's file, or its folder.")
    private Path file;

    @Option(names = "--destroy", description = "Plans the cluster's end instead.")
    private boolean destroy;

    @Option(
            names = "--no-refresh",
            description = "Believes the records: asks no provider and runs no check.")
    private boolean noRefresh;

    @Option(
            names = "--detailed-exitcode",
            description = "Exits with 0 where nothing is to do, 2 where something is, 1 on errors.")
    private boolean detailedExitCode;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the plan there, as JSON.")
    private Optional<Path> out = Optional.empty();

    @Mixin private PackOptions packs;

    public PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ClusterFile cluster = ClusterFile.read(file.toString(), session.resolve(file));
        PlanDocument plan =
                session.client()
                        .makePlan(
                                destroy
                                        ? PlanRequests.destroy(ClusterName.of(cluster), !noRefresh)
                                        : PlanRequests.apply(
                                                cluster,
                                                packs.upload(session, Optional.of(cluster.path())),
                                                !noRefresh));
        out.ifPresent(path -> write(plan, session.resolve(path)));
        if (!session.document(plan.json())) {
            show(session, plan);
            if (!plan.summary().empty()) {
                session.print("To apply exactly this:");
                session.print("  " + session.program() + " apply --plan " + plan.digest());
            }
        }
        return detailedExitCode && !plan.summary().empty() ? ExitCode.CHANGES : ExitCode.OK;
    }

    /// Prints a plan for a person.
    public static void show(Session session, PlanDocument plan) {
        new PlanText(session.style(), session.terminal().width(), session.verbose())
                .lines(plan)
                .forEach(session::print);
        session.out().flush();
    }

    private static void write(PlanDocument plan, Path path) {
        try {
            Files.writeString(path, Documents.json(plan.json()));
        } catch (IOException e) {
            throw ProblemException.of(
                    "cli.unwritable-file", "cannot write " + path + ": " + e, null);
        }
    }
}
