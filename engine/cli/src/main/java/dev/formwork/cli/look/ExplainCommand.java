package dev.formwork.cli.look;

import dev.formwork.cli.client.Explanation;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork explain`.
@Command(name = "explain", description = "Says why a node is in its state, down to the root.")
public final class ExplainCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "As status shows it.")
    private String node = "";

    public ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Finder finder = new Finder(session.client());
        String id = finder.run(run).id();
        Explanation found = session.client().explain(id, finder.node(id, node));
        if (session.document(found.json())) {
            return ExitCode.OK;
        }
        session.print(
                "%s is %s%s"
                        .formatted(
                                session.style().bold(Printable.line(found.key())),
                                session.style().state(found.state()),
                                said(found.reason())));
        String indent = "  ";
        for (Explanation.Cause cause : found.chain()) {
            session.print(
                    "%sbecause %s%s%s"
                            .formatted(
                                    indent,
                                    Printable.line(cause.subject()),
                                    cause.state()
                                            .map(state -> " is " + session.style().state(state))
                                            .orElse(""),
                                    said(cause.reason())));
            indent += "  ";
        }
        found.hint().ifPresent(hint -> session.print("hint: " + Printable.line(hint)));
        return ExitCode.OK;
    }

    private static String said(String reason) {
        return reason.isEmpty() ? "" : ": " + Printable.line(reason);
    }
}
