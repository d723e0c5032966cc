package dev.formwork.cli.machine;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork params`.
@Command(
        name = "params",
        description =
                "Prints each parameter of a machine with the layer that it comes from, and what it"
                        + " hides.")
public final class ParamsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    public ParamsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new ParamsText(session).print(session.client().params(machine));
        return ExitCode.OK;
    }
}
