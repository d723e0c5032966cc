package dev.formwork.cli.pool;

import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.workflow.pool.Pool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `formwork pool apply`.
@Command(
        name = "apply",
        description =
                "Declares a pool, or declares it anew; what it has, and who waits for it, stays.")
final class ApplyPoolCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "FILE", description = "With one `kind: Pool`.")
    private String file = "";

    ApplyPoolCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ClusterFile read = ClusterFile.read(file, session.resolve(Path.of(file)));
        // So that problems name the file as the person did.
        Pool.read(read.name(), read.text());
        new PoolText(session).print(session.client().applyPool(read.text()));
        return ExitCode.OK;
    }
}
