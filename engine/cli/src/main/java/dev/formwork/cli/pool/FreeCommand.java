package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pool free`.
@Command(
        name = "free",
        description = "Says that others may have a machine that is dirty, as it is.")
final class FreeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    FreeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new PoolText(session).print(session.client().freeMachine(pool, machine));
        return ExitCode.OK;
    }
}
