package dev.formwork.cli.look;

import dev.formwork.cli.client.ReplayDocument;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork replay`.
@Command(
        name = "replay",
        description =
                "Goes through a run that has ended once more, in a dry engine, and compares: it"
                        + " must come to the same states.")
public final class ReplayCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    public ReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ReplayDocument replay = session.client().replay(new Finder(session.client()).run(run).id());
        if (!session.document(replay.json())) {
            print(replay);
        }
        return replay.equal() ? ExitCode.OK : ExitCode.RUN_FAILED;
    }

    private void print(ReplayDocument replay) {
        if (replay.equal()) {
            session.print(
                    "%s came to the same states again, from the %d things that it was told."
                            .formatted(replay.run(), replay.entries()));
            return;
        }
        session.print(replay.run() + " came to other states.");
        ReplayDocument.Difference first = replay.differences().getFirst();
        session.print(
                "The first difference is %s%s%s:"
                        .formatted(
                                Printable.line(first.of()),
                                first.at().map(at -> ", at " + at).orElse(""),
                                first.after().isEmpty()
                                        ? ""
                                        : ", when it was told: " + Printable.line(first.after())));
        Table table = new Table("NODE", "RECORDED", "REPLAYED");
        replay.differences()
                .forEach(difference ->
                        table.row(
                                Printable.line(difference.of()),
                                Printable.line(difference.recorded()),
                                Printable.line(difference.replayed())));
        session.print(table);
    }
}
