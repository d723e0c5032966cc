package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineDocument;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork machine reinstall`.
@Command(
        name = "reinstall",
        description =
                "Has the boot environment of a machine install its system again when the machine"
                        + " boots from the network next. What is on its disk is lost then.")
final class ReinstallCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Option(names = "--yes", description = "What is on its disk may be lost.")
    private boolean yes;

    ReinstallCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!yes) {
            throw ProblemException.of(
                    "cli.needs-approval",
                    "what is on the disk of " + machine + " would be lost",
                    "add --yes");
        }
        MachineDocument found = session.client().reinstallMachine(machine);
        if (!session.document(found.json())) {
            session.print(
                    found.name()
                            + " installs its system again when it boots from the network next.");
        }
        return ExitCode.OK;
    }
}
