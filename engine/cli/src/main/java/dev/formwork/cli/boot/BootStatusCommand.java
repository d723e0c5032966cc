package dev.formwork.cli.boot;

import dev.formwork.cli.client.BootSighting;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/// `formwork boot status`.
@Command(
        name = "status",
        description = "Lists what is wrong on the networks on which machines boot, newest first.")
final class BootStatusCommand implements Callable<Integer> {
    private final Session session;

    BootStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Value.Struct list = session.client().bootSightingList();
        if (session.document(list)) {
            return ExitCode.OK;
        }
        List<BootSighting> all = session.client().bootSightings(list);
        if (all.isEmpty()) {
            session.print("No boot server sees anything wrong.");
        }
        Instant now = session.clock().instant();
        // A detail is a sentence or two: too long for a table.
        for (BootSighting each : all) {
            session.print(session.style().bold(each.code()) + "  " + Printable.line(each.detail()));
            session.print(
                    "  seen by %s, %s, first %s, %d times"
                            .formatted(
                                    Printable.line(each.server()),
                                    Times.ago(each.last(), now),
                                    Times.ago(each.first(), now),
                                    each.count()));
        }
        return ExitCode.OK;
    }
}
