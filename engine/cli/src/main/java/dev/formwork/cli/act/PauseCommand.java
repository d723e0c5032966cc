package dev.formwork.cli.act;

import dev.formwork.cli.client.Run;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pause`.
@Command(
        name = "pause",
        description = "Has a run start nothing more until it is resumed; what runs goes on.")
public final class PauseCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For others to read.")
    private String reason = "";

    public PauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Run found = new Finder(session.client()).run(run);
        Run paused = session.client().pause(found.id(), reason);
        if (!session.document(paused.json())) {
            session.print(
                    "Run %s is %s. To go on:"
                            .formatted(paused.id(), session.style().state(paused.state())));
            session.print("  " + session.program() + " resume " + paused.id());
        }
        return ExitCode.OK;
    }
}
