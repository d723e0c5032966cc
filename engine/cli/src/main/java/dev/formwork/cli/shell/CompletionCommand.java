package dev.formwork.cli.shell;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `formwork completion`.
@Command(
        name = "completion",
        description =
                "Prints a script that completes commands and options: source <(formwork"
                        + " completion bash)")
public final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell = "";

    @Spec private CommandSpec spec;

    public CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw ProblemException.of(
                    "cli.usage", "no completion for " + shell, "there is bash, and zsh");
        }
        // One script for both: in zsh it turns on bash's completion by itself.
        session.out().print(AutoComplete.bash("formwork", spec.root().commandLine()));
        session.out().flush();
        return ExitCode.OK;
    }
}
