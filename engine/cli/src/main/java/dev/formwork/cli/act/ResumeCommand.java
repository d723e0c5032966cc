package dev.formwork.cli.act;

import dev.formwork.cli.client.Run;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork resume`.
@Command(name = "resume", description = "Goes on with a run that was paused.")
public final class ResumeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    public ResumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Run found = new Finder(session.client()).run(run);
        Run resumed = session.client().resume(found.id());
        if (!session.document(resumed.json())) {
            session.print(
                    "Run %s is %s."
                            .formatted(resumed.id(), session.style().state(resumed.state())));
        }
        return ExitCode.OK;
    }
}
