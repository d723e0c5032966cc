package dev.formwork.cli.image;

import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `formwork image`.
@Command(
        name = "image",
        description = "Builds the container OS that machines boot from the network.",
        synopsisSubcommandLabel = "COMMAND")
public final class ImageCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    /// Its commands are added by [#in].
    private ImageCommand() {}

    /// The command with those below it.
    public static picocli.CommandLine in(Session session) {
        return new picocli.CommandLine(new ImageCommand())
                .addSubcommand("build", new ImageBuildCommand(session))
                .addSubcommand("lock", new ImageLockCommand(session));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: build, lock");
    }
}
