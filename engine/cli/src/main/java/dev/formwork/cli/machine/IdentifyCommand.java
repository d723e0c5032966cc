package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineHardware;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork machine identify`.
@Command(
        name = "identify",
        description = "Lets a machine's light blink, so that it is found in its rack.")
final class IdentifyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "For how long, at most 255; 60 otherwise. 0 puts it out.")
    private int seconds = 60;

    IdentifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        MachineHardware answer = session.client().identify(machine, seconds);
        if (!session.document(answer.json())) {
            session.print(
                    answer.machine()
                            + (seconds == 0 ? " blinks no more" : " blinks for " + seconds + " s"));
        }
        return ExitCode.OK;
    }
}
