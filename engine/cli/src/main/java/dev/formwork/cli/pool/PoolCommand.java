package dev.formwork.cli.pool;

import dev.formwork.cli.session.Session;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `formwork pool`.
@Command(
        name = "pool",
        description = "Machines that clusters take and give back: declares, shows, reserves.",
        synopsisSubcommandLabel = "COMMAND")
public final class PoolCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    /// Its commands are added by [#in].
    private PoolCommand() {}

    /// The command with those below it.
    public static CommandLine in(Session session) {
        return new CommandLine(new PoolCommand())
                .addSubcommand("apply", new ApplyPoolCommand(session))
                .addSubcommand("list", new ListPoolsCommand(session))
                .addSubcommand("show", new ShowPoolCommand(session))
                .addSubcommand("drop", new DropPoolCommand(session))
                .addSubcommand("reserve", new ReserveCommand(session))
                .addSubcommand("unreserve", new UnreserveCommand(session))
                .addSubcommand("clean", new CleanCommand(session))
                .addSubcommand("free", new FreeCommand(session))
                .addSubcommand("delete", new DeleteCommand(session));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: apply, list, show, drop, reserve, unreserve, clean, free, delete");
    }
}
