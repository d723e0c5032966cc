package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineHardware;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork machine inventory`.
@Command(name = "inventory", description = "Says what a machine is made of, as its provider says.")
final class InventoryCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    InventoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        MachineHardware found = session.client().inventory(machine);
        if (!session.document(found.json())) {
            Table parts = new Table("PART", "NAME", "MANUFACTURER", "MODEL", "SERIAL");
            found.system().ifPresent(system -> row(parts, system));
            found.parts().forEach(part -> row(parts, part));
            session.print(parts);
            found.firmware()
                    .forEach(each ->
                            session.print(
                                    "firmware %s: %s"
                                            .formatted(
                                                    Printable.line(each.name()),
                                                    Printable.line(each.version()))));
        }
        return ExitCode.OK;
    }

    private static void row(Table table, MachineHardware.Part part) {
        table.row(
                Printable.line(part.kind()),
                Printable.line(part.name()),
                Printable.line(part.manufacturer()),
                Printable.line(part.model()),
                Printable.line(part.serial()));
    }
}
