package dev.formwork.cli.act;

import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork approve`.
@Command(
        name = "approve",
        description = "Consents to a plan, or to what a node would do beyond its plan.")
public final class ApproveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "PLAN|RUN", description = "A plan's digest; or a run.")
    private String subject = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NODE", description = "Of the run.")
    private Optional<String> node = Optional.empty();

    public ApproveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (node.isEmpty()) {
            Value.Struct approval = session.client().approvePlan(subject);
            if (!session.document(approval)) {
                session.print(
                        "Approved until "
                                + approval.fields().getOrDefault("expires_at", Value.of("?"))
                                + ".");
                session.print("  " + session.program() + " apply --yes --plan " + subject);
            }
            return ExitCode.OK;
        }
        Finder finder = new Finder(session.client());
        String run = finder.run(subject).id();
        RunNode approved = session.client().approveNode(run, finder.node(run, node.get()));
        if (!session.document(approved.json())) {
            session.print("Approved: " + approved.key() + " is " + approved.state() + ".");
        }
        return ExitCode.OK;
    }
}
