package dev.formwork.cli.look;

import dev.formwork.cli.client.Run;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork runs`.
@Command(name = "runs", description = "Lists runs, newest first.")
public final class RunsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Only those of this cluster.")
    private Optional<String> cluster = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 20).")
    private int limit = 20;

    public RunsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Value.Struct list = session.client().runList(cluster, limit);
        if (!session.document(list)) {
            print(session, session.client().runs(list));
        }
        return ExitCode.OK;
    }

    static void print(Session session, List<Run> runs) {
        if (runs.isEmpty()) {
            session.print("No runs yet. `" + session.program() + " apply FILE` starts one.");
            return;
        }
        Instant now = session.clock().instant();
        Table table = new Table("RUN", "CLUSTER", "KIND", "STATE", "DONE", "STARTED", "TOOK");
        for (Run run : runs) {
            table.row(
                    run.id(),
                    run.cluster(),
                    run.kind(),
                    session.style().state(run.state()),
                    run.nodes().isEmpty() ? "-" : done(run) + "/" + run.total(),
                    run.createdAt().map(start -> Times.ago(start, now)).orElse(""),
                    run.createdAt()
                            .map(start ->
                                    Times.lasted(
                                            Duration.between(start, run.endedAt().orElse(now))))
                            .orElse(""));
        }
        session.print(table);
    }

    static int done(Run run) {
        int open = 0;
        for (String state : List.of("blocked", "ready", "waiting", "running")) {
            open += run.nodes().getOrDefault(state, 0);
        }
        return run.total() - open;
    }
}
