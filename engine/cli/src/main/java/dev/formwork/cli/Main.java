package dev.formwork.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/// The program `formwork`.
@Command(
        name = "formwork",
        description = "Turns bare metal and cloud instances into working clusters.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = Main.VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 used wrongly.
    ///
    /// @param arguments the command line, without the program's name
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    @Command(name = "version", description = "Prints the version.")
    static final class VersionCommand implements Runnable {
        @Spec private CommandSpec spec;

        @Override
        public void run() {
            PrintWriter out = spec.commandLine().getOut();
            out.println(Version.current());
            out.flush();
        }
    }
}
