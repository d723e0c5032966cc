package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pool clean`.
@Command(name = "clean", description = "Has a machine that is dirty cleaned once more.")
final class CleanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    CleanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new PoolText(session).print(session.client().cleanMachine(pool, machine));
        return ExitCode.OK;
    }
}
