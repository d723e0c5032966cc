package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineHardware;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.concurrent.Callable;

/// `formwork machine events`.
@Command(
        name = "events",
        description = "Shows what a machine's hardware has noted, the newest last.")
final class HardwareEventsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many, 1 to 1000; 100 otherwise.")
    private int limit = 100;

    HardwareEventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        MachineHardware found = session.client().hardwareEvents(machine, limit);
        if (session.document(found.json())) {
            return ExitCode.OK;
        }
        Table table = new Table("TIME", "HEALTH", "SOURCE", "EVENT");
        found.events()
                .forEach(each ->
                        table.row(
                                each.at().map(Instant::toString).orElse("-"),
                                each.health(),
                                Printable.line(each.source()),
                                Printable.line(each.message())));
        if (table.isEmpty()) {
            session.print("Nothing was noted.");
        } else {
            session.print(table);
        }
        return ExitCode.OK;
    }
}
