package dev.formwork.cli;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/// `formwork version`.
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!session.document(Session.struct("version", Value.of(Version.current())))) {
            session.print(Version.current());
        }
        return ExitCode.OK;
    }
}
