package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pool drop`.
@Command(name = "drop", description = "Forgets a pool that nobody uses.")
final class DropPoolCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    DropPoolCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.client().dropPool(pool);
        session.print(pool + " is forgotten");
        return ExitCode.OK;
    }
}
