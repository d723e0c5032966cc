package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork pool unreserve`.
@Command(name = "unreserve", description = "Lets others have what is reserved for a cluster.")
final class UnreserveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    @Option(
            names = "--for",
            paramLabel = "CLUSTER",
            required = true,
            description = "Whose reservations end.")
    private String cluster = "";

    UnreserveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new PoolText(session).print(session.client().unreserve(pool, cluster));
        return ExitCode.OK;
    }
}
