package dev.formwork.bench;

import dev.formwork.bench.report.Documents;
import dev.formwork.bench.transitions.Sizes;
import dev.formwork.bench.transitions.Transitions;
import dev.formwork.bench.transitions.TransitionsReport;
import dev.formwork.postgres.PostgresServer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `engine/bench/run NAME [--json] [--quick] [--directory DIR]`.
public final class Main {
    private static final String USAGE =
            """
            usage: engine/bench/run transitions [--json] [--quick] [--directory DIR]

              --json           one JSON object with all figures, instead of tables
              --quick          one short round of each: whether it works, not how fast it is
              --directory DIR  where the databases are made and deleted again (default: the
                               system's temporary directory); their disk is what is measured
            """;

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        boolean json = false;
        Sizes sizes = Sizes.STANDARD;
        Optional<String> name = Optional.empty();
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        List<String> given = List.of(arguments);
        for (int i = 0; i < given.size(); i++) {
            switch (given.get(i)) {
                case "--json" -> json = true;
                case "--quick" -> sizes = Sizes.QUICK;
                case "--directory" -> {
                    i++;
                    directory = Path.of(i < given.size() ? given.get(i) : usage());
                }
                default -> {
                    if (name.isPresent() || given.get(i).startsWith("-")) {
                        usage();
                    }
                    name = Optional.of(given.get(i));
                }
            }
        }
        if (!name.equals(Optional.of("transitions"))) {
            usage();
        }
        String command = ("engine/bench/run " + String.join(" ", given)).strip();
        TransitionsReport report =
                new Transitions(sizes, agent(), postgres(), line -> System.err.println(line))
                        .measure(directory, command);
        System.out.println(json ? Documents.json(report) : report.text());
    }

    /// The folder with the agent's jars; the launcher says where.
    private static Optional<Path> agent() {
        return Optional.ofNullable(System.getProperty("formwork.bench.agent")).map(Path::of);
    }

    private static boolean postgres() {
        Optional<String> missing = PostgresServer.missing();
        missing.ifPresent(why -> System.err.println("not measured on PostgreSQL: " + why));
        return missing.isEmpty();
    }

    private static String usage() {
        System.err.print(USAGE);
        System.exit(2);
        return "";
    }
}
