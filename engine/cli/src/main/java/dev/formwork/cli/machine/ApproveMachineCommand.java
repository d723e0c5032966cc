package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineDocument;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork machine approve`.
@Command(
        name = "approve",
        description =
                "Lets a machine that nobody knew when it booted be given work, or a boot of a known"
                        + " one register.")
final class ApproveMachineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description =
                    "What the machine's own console shows: where another boot says the same of"
                            + " itself, that one is not meant.")
    private Optional<String> code = Optional.empty();

    ApproveMachineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Map<String, Value> request =
                code.map(it -> Map.<String, Value>of("code", Value.of(it))).orElse(Map.of());
        MachineDocument approved = session.client().approveMachine(machine, request);
        if (!session.document(approved.json())) {
            session.print(approved.name() + " is approved");
        }
        return ExitCode.OK;
    }
}
