package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.ProblemException;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.workflow.store.Store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// A process that commits, many at a time, and prints each number when it is acknowledged.
final class Committer implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(1);

    private final Process process;
    private final BufferedReader out;
    private int last;

    private Committer(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.US_ASCII);
    }

    /// @param where a directory for H2, or the URL of a PostgreSQL database
    static Committer start(String where) throws IOException {
        return new Committer(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Committer.class.getName(),
                                where)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /// The last number that it printed.
    int last() {
        return last;
    }

    void awaitLines(int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            String line = out.readLine();
            if (line == null) {
                break;
            }
            last = Integer.parseInt(line);
        }
    }

    /// By its handle: `Process.destroyForcibly` would close the pipe with what is in it. What it
    /// said before it was killed counts as well.
    void kill() throws IOException, InterruptedException {
        assertThat(process.toHandle().destroyForcibly()).isTrue();
        String _ = awaitEnd();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /// The last of what it said that is no number.
    String awaitEnd() throws IOException, InterruptedException {
        String words = "";
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.matches("\\d{8}")) {
                last = Integer.parseInt(line);
            } else {
                words = line;
            }
        }
        process.waitFor();
        return words;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) {
        Store store = open(arguments[0]);
        int first = store.setting("n").map(Integer::parseInt).orElse(0) + 1;
        Semaphore underWay = new Semaphore(50);
        for (int i = first; ; i++) {
            int number = i;
            underWay.acquireUninterruptibly();
            var _ =
                    store.commit(PowerLoss.transition(number))
                            .whenComplete((_, failure) -> {
                                if (failure == null) {
                                    System.out.printf("%08d%n", number);
                                    underWay.release();
                                } else {
                                    System.out.println("refused: " + code(failure));
                                    System.out.flush();
                                    Runtime.getRuntime().halt(1);
                                }
                            });
        }
    }

    private static String code(Throwable failure) {
        return failure instanceof ProblemException problem ? problem.code() : "" + failure;
    }

    private static Store open(String where) {
        return where.startsWith("postgresql:")
                ? TestPostgres.open(
                        PostgresSettings.parse(where)
                                .withPassword(PostgresServer.PASSWORD)
                                .withLease(LEASE))
                : H2Store.open(Path.of(where), PowerLoss.SEALER, Clock.systemUTC());
    }
}
