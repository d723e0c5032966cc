package dev.formwork.cli.pool;

import dev.formwork.cli.client.PoolDocument;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Times;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// How a pool reads.
final class PoolText {
    private final Session session;

    PoolText(Session session) {
        this.session = session;
    }

    /// The whole of it, or as a document.
    void print(PoolDocument pool) {
        if (session.document(pool.json())) {
            return;
        }
        session.print(session.style().bold(pool.name()) + "  " + counts(pool.counts()));
        pool.where().ifPresent(where -> line("where", Printable.line(where)));
        pool.provider()
                .ifPresent(provider ->
                        line(
                                "makes",
                                "up to %d by %s%s, has made %d"
                                        .formatted(
                                                pool.most(),
                                                provider,
                                                pool.keep() == 0
                                                        ? ""
                                                        : ", keeps " + pool.keep() + " ready",
                                                pool.made())));
        line("clean", pool.clean());
        if (!pool.machines().isEmpty()) {
            Table machines = new Table("MACHINE", "STATE", "MEMBER", "REASON");
            pool.machines()
                    .forEach(each ->
                            machines.row(
                                    each.name(),
                                    session.style().state(each.state()),
                                    each.member().orElse("-"),
                                    Printable.line(each.reason())));
            session.print("");
            session.print(machines);
        }
        if (!pool.waiting().isEmpty()) {
            Instant now = session.clock().instant();
            Table waiting = new Table("WAITS", "RUN", "PRIORITY", "SINCE");
            pool.waiting()
                    .forEach(each ->
                            waiting.row(
                                    each.member(),
                                    each.run(),
                                    Integer.toString(each.priority()),
                                    each.since().map(at -> Times.ago(at, now)).orElse("-")));
            session.print("");
            session.print(waiting);
        }
    }

    static String counts(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? "no machines"
                : counts.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private void line(String name, String value) {
        session.print("  %-6s %s".formatted(name, value));
    }
}
