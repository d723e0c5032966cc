package dev.formwork.cli.machine;

import dev.formwork.cli.apply.WithValues;
import dev.formwork.cli.client.MachineBios;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// `formwork machine bios`.
@Command(
        name = "bios",
        description =
                "Says how the BIOS of a machine is set, or sets it from the machine's next reset on.")
final class BiosCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "show|set", description = "Resets nothing.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Parameters(
            index = "2..*",
            paramLabel = "NAME=VALUE",
            description = "By the maker's own names, as `show` has them.")
    private Map<String, String> values = new LinkedHashMap<>();

    BiosCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!action.equals("show") && !action.equals("set")) {
            throw new ParameterException(spec.commandLine(), "say show or set");
        }
        if (action.equals("set") == values.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    values.isEmpty() ? "say what to set" : "only `set` takes values");
        }
        MachineBios now = session.client().bios(machine);
        print(action.equals("show") ? now : session.client().setBios(machine, read(now.current())));
        return ExitCode.OK;
    }

    /// What is a text now stays one: `1` need not be a number.
    private Map<String, Value> read(Map<String, Value> current) {
        Map<String, Value> read = new LinkedHashMap<>();
        Problems problems = new Problems();
        values.forEach((name, text) -> {
            String type = current.get(name) instanceof Value.Text ? "string" : "";
            try {
                read.put(name, WithValues.value(name, text, type, session::resolve));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        });
        problems.throwIfAny();
        return read;
    }

    private void print(MachineBios bios) {
        if (session.document(bios.json())) {
            return;
        }
        Table table = new Table("SETTING", "VALUE", "AFTER A RESET");
        new TreeMap<>(bios.current())
                .forEach((name, value) -> {
                    Value next = bios.pending().get(name);
                    table.row(
                            Printable.line(name),
                            Printable.line(said(value)),
                            next == null ? "" : Printable.line(said(next)));
                });
        session.print(table);
    }

    private static String said(Value value) {
        return value instanceof Value.Text(String text) ? text : value.toString();
    }
}
