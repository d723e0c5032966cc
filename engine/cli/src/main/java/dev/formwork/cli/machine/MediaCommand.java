package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineMedia;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `formwork machine media`.
@Command(
        name = "media",
        description =
                "Puts an image into a machine's virtual drive, takes it out, or says what is in it.")
final class MediaCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "insert|eject|show",
            description = "`machine boot media MACHINE --once` has it boot from there.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "URL",
            description =
                    "Of the image: http or https, without user and password. The machine's controller"
                            + " fetches it by itself.")
    private String image = "";

    MediaCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (action.equals("insert") == image.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    image.isEmpty() ? "say which image" : "only `insert` takes an image");
        }
        MachineMedia answer =
                switch (action) {
                    case "insert" -> session.client().insertMedia(machine, image);
                    case "eject" -> session.client().ejectMedia(machine);
                    case "show" -> session.client().media(machine);
                    default ->
                            throw new ParameterException(
                                    spec.commandLine(), "say insert, eject or show");
                };
        if (!session.document(answer.json())) {
            session.print(
                    answer.machine()
                            + answer.image()
                                    .map(there -> " has " + Printable.line(there) + " in its drive")
                                    .orElse(" has nothing in its drive"));
        }
        return ExitCode.OK;
    }
}
