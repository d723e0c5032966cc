package dev.formwork.cli.act;

import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork skip`.
@Command(
        name = "skip",
        description =
                "Has a step that failed or waits count as skipped: what comes after it goes on, and"
                        + " reads its outputs as null.")
public final class SkipCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "As status shows it.")
    private String node = "";

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; kept with the node.")
    private String reason = "";

    public SkipCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Finder finder = new Finder(session.client());
        String id = finder.run(run).id();
        RunNode skipped = session.client().skip(id, finder.node(id, node), reason);
        if (!session.document(skipped.json())) {
            session.print(skipped.key() + " is " + session.style().state(skipped.state()) + ".");
        }
        return ExitCode.OK;
    }
}
