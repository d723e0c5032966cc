package dev.formwork.cli.act;

import dev.formwork.cli.client.Run;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork cancel`.
@Command(
        name = "cancel",
        description =
                "Ends a run: starts no more jobs and ends those that run, with a grace between TERM"
                        + " and KILL.")
public final class CancelCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Option(
            names = "--now",
            description = "Without a grace; also where the run is being cancelled already.")
    private boolean now;

    public CancelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String id = new Finder(session.client()).run(run).id();
        Run cancelled = session.client().cancel(id, now);
        if (!session.document(cancelled.json())) {
            session.print("Run " + id + " is " + session.style().state(cancelled.state()) + ".");
        }
        return ExitCode.OK;
    }
}
