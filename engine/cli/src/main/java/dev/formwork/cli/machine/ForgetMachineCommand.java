package dev.formwork.cli.machine;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork machine forget`.
@Command(
        name = "forget",
        description =
                "Drops a machine that is in no cluster and that no provider made; its agent is"
                        + " refused from then on.")
final class ForgetMachineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    ForgetMachineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.client().forgetMachine(machine);
        session.print(machine + " is forgotten");
        return ExitCode.OK;
    }
}
