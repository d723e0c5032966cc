package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineHardware;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork machine sensors`.
@Command(name = "sensors", description = "Says what a machine measures about itself.")
final class SensorsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    SensorsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        MachineHardware found = session.client().sensors(machine);
        if (session.document(found.json())) {
            return ExitCode.OK;
        }
        Table table = new Table("SENSOR", "VALUE", "HEALTH", "STATE");
        found.sensors()
                .forEach(each ->
                        table.row(
                                Printable.line(each.name()),
                                Printable.line((each.value() + " " + each.unit()).strip()),
                                each.health(),
                                Printable.line(each.state())));
        session.print(table);
        return ExitCode.OK;
    }
}
