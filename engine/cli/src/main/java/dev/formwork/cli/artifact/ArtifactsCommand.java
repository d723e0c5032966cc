package dev.formwork.cli.artifact;

import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.boot.artifact.Destinations;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `formwork artifacts`.
@Command(
        name = "artifacts",
        description =
                "Files that machines fetch from the boot server by their digest: takes them in, and"
                        + " out again for a site without a way to the internet.",
        synopsisSubcommandLabel = "COMMAND")
public final class ArtifactsCommand implements Runnable {
    private static final long MOST = 256L << 30;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// Its commands are added by [#in].
    private ArtifactsCommand() {}

    /// The command with those below it.
    public static picocli.CommandLine in(Session session) {
        return new picocli.CommandLine(new ArtifactsCommand())
                .addSubcommand("list", new ListCommand(session))
                .addSubcommand("import", new ImportCommand(session))
                .addSubcommand("export", new ExportCommand(session));
    }

    /// The artifacts of the engine whose data directory that is, running or not.
    static ArtifactCache cache(Session session) {
        return new ArtifactCache(
                session.dataDirectory().resolve("artifacts"), MOST, Destinations.INTERNET);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, import, export");
    }
}
