package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pool show`.
@Command(
        name = "show",
        description =
                "Shows a pool, how each of its machines stands and why, and who waits for one.")
final class ShowPoolCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    ShowPoolCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new PoolText(session).print(session.client().pool(pool));
        return ExitCode.OK;
    }
}
