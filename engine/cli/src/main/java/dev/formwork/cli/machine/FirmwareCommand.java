package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineFirmware;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// `formwork machine firmware`.
@Command(
        name = "firmware",
        description =
                "Says what firmware a machine has, begins to replace it, or says how far that is.")
final class FirmwareCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "show|update|progress",
            description =
                    "Most controllers restart by an `update`; some firmware is used from the machine's"
                            + " next reset on.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "URL|UPDATE",
            description =
                    "Of the image: http or https, without user and password, which the machine's"
                            + " controller fetches by itself. Of `progress`: what `update` has named.")
    private String what = "";

    @Option(
            names = "--component",
            paramLabel = "ID",
            description = "Replaces this one, as `show` names it; repeatable.")
    private List<String> components = List.of();

    FirmwareCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (action.equals("show") != what.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    what.isEmpty()
                            ? "say which image, or which update"
                            : "say update or progress with it");
        }
        switch (action) {
            case "show" -> show(session.client().firmware(machine));
            case "update" -> show(session.client().updateFirmware(machine, what, components));
            case "progress" -> {
                MachineFirmware.Update now = session.client().firmwareUpdate(machine, what);
                show(now);
                return now.state().equals("failed") ? ExitCode.ERROR : ExitCode.OK;
            }
            default ->
                    throw new ParameterException(
                            spec.commandLine(), "say show, update or progress");
        }
        return ExitCode.OK;
    }

    private void show(MachineFirmware firmware) {
        if (session.document(firmware.json())) {
            return;
        }
        Table table = new Table("COMPONENT", "NAME", "VERSION", "UPDATEABLE");
        firmware.components()
                .forEach(each ->
                        table.row(
                                Printable.line(each.id()),
                                Printable.line(each.name()),
                                Printable.line(each.version()),
                                each.isUpdateable() ? "yes" : "no"));
        session.print(table);
    }

    private void show(MachineFirmware.Update update) {
        if (session.document(update.json())) {
            return;
        }
        session.print(
                "update %s of %s: %s%s"
                        .formatted(
                                Printable.line(update.id()),
                                update.machine(),
                                update.state(),
                                update.percent().map(percent -> ", " + percent + " %").orElse("")));
        update.messages().forEach(each -> session.print("  " + Printable.line(each)));
    }
}
