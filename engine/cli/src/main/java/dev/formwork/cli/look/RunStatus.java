package dev.formwork.cli.look;

import dev.formwork.cli.client.Run;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Times;
import dev.formwork.cli.watch.RunReport;
import dev.formwork.model.value.Value;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run for people: where it is, what runs, what is wrong, what to do.
final class RunStatus {
    private final Session session;

    RunStatus(Session session) {
        this.session = session;
    }

    /// A document is the run with its nodes.
    void show(Run run) {
        List<RunNode> nodes = session.client().nodes(run.id());
        Map<String, Value> document = new LinkedHashMap<>(run.json().fields());
        document.put("node_list", Value.of(nodes.stream().map(RunNode::json).toList()));
        if (session.document(Value.of(document))) {
            return;
        }
        Instant now = session.clock().instant();
        session.print(
                "Run %s (%s %s): %s%s"
                        .formatted(
                                session.style().bold(run.id()),
                                run.kind(),
                                run.cluster(),
                                session.style().state(run.state()),
                                run.createdAt()
                                        .map(then -> ", started " + Times.ago(then, now))
                                        .orElse("")));
        if (!run.ended() && !run.reason().isEmpty()) {
            session.print(Printable.line(run.reason()));
        }
        session.print("%d of %d nodes done".formatted(RunsCommand.done(run), run.total()));
        List<RunNode> shown =
                nodes.stream().filter(node -> session.verbose() || isNews(node)).toList();
        if (!shown.isEmpty()) {
            session.print("");
            table(shown, now);
        }
        boolean failed = run.ended() && !run.state().equals("succeeded");
        boolean asks = !run.ended() && !run.questions().isEmpty();
        if (failed || asks) {
            session.print("");
            new RunReport(session).print(run);
        } else if (!session.verbose() && shown.size() < nodes.size()) {
            session.print("-v shows all nodes");
        }
    }

    private static boolean isNews(RunNode node) {
        return switch (node.state()) {
            case "running", "waiting", "failed", "cancelled" -> true;
            default -> node.question().isPresent();
        };
    }

    private void table(List<RunNode> nodes, Instant now) {
        Table table = new Table("NODE", "STATE", "TRY", "TOOK", "REASON");
        for (RunNode node : nodes) {
            table.row(
                    node.key(),
                    session.style().state(node.state()),
                    node.attempt() == 0 ? "" : Integer.toString(node.attempt()),
                    node.startedAt()
                            .map(start ->
                                    Times.lasted(
                                            Duration.between(start, node.endedAt().orElse(now))))
                            .orElse(""),
                    Printable.line(node.reason()));
        }
        session.print(table);
    }
}
