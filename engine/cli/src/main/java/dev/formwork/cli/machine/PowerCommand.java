package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachinePower;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// `formwork machine power`.
@Command(
        name = "power",
        description =
                "Switches a machine on or off, or resets it, by its provider, whatever runs on it; or"
                        + " says whether it is on.")
final class PowerCommand implements Callable<Integer> {
    private static final List<String> ACTIONS = List.of("on", "off", "reset");

    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "on|off|reset|show",
            description =
                    "`off` asks its system to end, and after a while ends it; `reset` does not ask.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    PowerCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!action.equals("show") && !ACTIONS.contains(action)) {
            throw new ParameterException(spec.commandLine(), "say on, off, reset or show");
        }
        MachinePower answer =
                action.equals("show")
                        ? session.client().power(machine)
                        : session.client().setPower(machine, action);
        if (!session.document(answer.json())) {
            session.print(answer.machine() + " is " + said(answer.power()));
        }
        return ExitCode.OK;
    }

    private static String said(String power) {
        return power.equals("lost") ? "off, though nobody switched it off" : power;
    }
}
