package dev.formwork.cli.session;

import dev.formwork.cli.document.Format;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.nio.file.Path;
import java.util.Optional;

/// Options of every command.
public final class GlobalOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "What is printed: ${COMPLETION-CANDIDATES} (default: table).")
    Format output = Format.TABLE;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "The engine's data directory (default: $FORMWORK_HOME, or"
                            + " ~/.local/share/formwork).")
    Optional<Path> dataDirectory = Optional.empty();

    @Option(
            names = "--url",
            paramLabel = "URL[,URL]...",
            scope = ScopeType.INHERIT,
            description =
                    "The engine, where it is not the one of the data directory; or several on one"
                            + " database, of which the first that answers serves.")
    Optional<String> url = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The file with the API's token (default: api-token in the data directory).")
    Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The CA that an https engine is under, as `formwork ca` prints it (default:"
                            + " ca.pem in the data directory, else what this host trusts).")
    Optional<Path> caFile = Optional.empty();

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "Prints without colours, as does a variable NO_COLOR.")
    boolean noColour;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Prints more; with an unexpected error, where it comes from.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Says what the command does, and ends.")
    boolean help;
}
