package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.model.yaml.Durations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork pool reserve`.
@Command(name = "reserve", description = "Keeps machines for a cluster that are free now.")
final class ReserveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    private String pool = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            required = true,
            description = "How many; all of them or none are reserved.")
    private int count = 1;

    @Option(
            names = "--for",
            paramLabel = "CLUSTER",
            required = true,
            description = "Who may take them.")
    private String cluster = "";

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "Free for others from then on: 2030-01-01T12:00:00Z, or a time from now such as"
                            + " 2h.")
    private Optional<String> until = Optional.empty();

    ReserveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new PoolText(session).print(session.client().reserve(pool, count, cluster, end()));
        return ExitCode.OK;
    }

    private Optional<Instant> end() {
        return until.map(text -> {
            try {
                return Durations.parse(text)
                        .map(session.clock().instant()::plus)
                        .orElseGet(() -> Instant.parse(text));
            } catch (DateTimeParseException e) {
                throw ProblemException.of(
                        "cli.usage", text + " is no time", "such as 2030-01-01T12:00:00Z, or 2h");
            }
        });
    }
}
