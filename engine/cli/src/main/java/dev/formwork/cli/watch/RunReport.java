package dev.formwork.cli.watch;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Style;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.ProblemException;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of a run: on failure the step, its machine, the end of its log, and what to do next.
public final class RunReport {
    private static final int MOST_FAILURES = 3;
    private static final int LOG_LINES = 10;

    private final Session session;
    private final EngineClient client;
    private final Style style;

    public RunReport(Session session) {
        this.session = session;
        this.client = session.client();
        this.style = session.style();
    }

    /// @return the exit code that says the same
    public int print(Run run) {
        if (!session.document(run.json())) {
            text(run);
            session.out().flush();
        }
        if (!run.ended()) {
            return run.questions().isEmpty() ? ExitCode.OK : ExitCode.WAITS;
        }
        return run.state().equals("succeeded") ? ExitCode.OK : ExitCode.RUN_FAILED;
    }

    private void text(Run run) {
        if (!run.ended()) {
            questions(run);
            return;
        }
        String lasted =
                run.endedAt()
                        .flatMap(end -> run.createdAt().map(start -> Duration.between(start, end)))
                        .map(duration -> " after " + Times.lasted(duration))
                        .orElse("");
        session.print(
                "Run %s %s%s: %s."
                        .formatted(run.id(), style.state(run.state()), lasted, nodes(run.nodes())));
        if (run.state().equals("failed")) {
            failures(run);
        } else if (run.state().equals("cancelled")) {
            session.print("To go on where it stopped:");
            session.print("  " + session.program() + " retry " + run.id());
        }
    }

    static String nodes(Map<String, Integer> counts) {
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .toList());
    }

    private void failures(Run run) {
        List<RunNode> failed = client.nodes(run.id(), "failed");
        failed.stream().limit(MOST_FAILURES).forEach(node -> failure(run, node));
        if (failed.size() > MOST_FAILURES) {
            session.print("");
            session.print(
                    "and "
                            + count(failed.size() - MOST_FAILURES, "other node")
                            + "; all: "
                            + session.program()
                            + " status "
                            + run.id());
        }
        if (failed.isEmpty() && !run.reason().isEmpty()) {
            session.print("  " + Printable.line(run.reason()));
        }
        session.print("");
        session.print("What to do next:");
        failed.stream()
                .limit(1)
                .forEach(node -> {
                    command("logs " + run.id() + " " + quoted(node.key()), "the whole log");
                    command("explain " + run.id() + " " + quoted(node.key()), "why");
                });
        command("retry " + run.id(), "go on with what failed, in this run");
    }

    private void failure(Run run, RunNode node) {
        session.print("");
        session.print(
                style.red("Failed: ")
                        + style.bold(node.step())
                        + node.machine().map(machine -> " on machine " + machine).orElse("")
                        + (node.attempt() > 1 ? ", attempt " + node.attempt() : ""));
        String why =
                node.code().map(code -> code + ": ").orElse("") + Printable.line(node.reason());
        Printable.wrap(why, session.terminal().width() - 2)
                .forEach(line -> session.print("  " + line));
        if (node.job().isPresent()) {
            List<String> tail = tail(run, node);
            if (!tail.isEmpty()) {
                session.print("  the end of its log:");
                tail.forEach(line -> session.print(style.dim("  | ") + line));
            }
        }
    }

    private List<String> tail(Run run, RunNode node) {
        try {
            return LogTail.read(
                    offset -> client.log(run.id(), node.key(), offset, Duration.ZERO), LOG_LINES);
        } catch (ProblemException e) {
            return List.of("(" + e.getMessage() + ")");
        }
    }

    private void questions(Run run) {
        session.print(
                "Run %s %s for a person: %s."
                        .formatted(run.id(), style.yellow("waits"), nodes(run.nodes())));
        List<RunNode> asking =
                client.nodes(run.id()).stream().filter(n -> n.question().isPresent()).toList();
        for (RunNode node : asking) {
            String key = quoted(node.key());
            session.print("");
            session.print(style.bold(node.key()) + ": " + Printable.line(node.reason()));
            if (node.question().orElse("").equals("approve_more")) {
                command("approve " + run.id() + " " + key, "consent to it");
            } else {
                command("resolve " + run.id() + " " + key + " --happened", "it did happen");
                command(
                        "resolve " + run.id() + " " + key + " --not-happened",
                        "it did not: run it again");
            }
        }
        session.print("");
        command("cancel " + run.id(), "end the run");
    }

    private void command(String command, String meaning) {
        session.print("  %s %s".formatted(session.program(), command));
        session.print(style.dim("      " + meaning));
    }

    private static String quoted(String key) {
        return key.indexOf('[') >= 0 ? "'" + key + "'" : key;
    }
}
