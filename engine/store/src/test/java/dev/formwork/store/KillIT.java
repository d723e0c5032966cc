package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Semaphore;

/// A process that commits is killed, and what it was told is stored is there.
class KillIT {
    private static final int KILLS = Integer.getInteger("kill.times", 8);

    @TempDir Path directory;

    @Test
    void aKilledProcessLosesNothingThatWasAcknowledged() throws Exception {
        int known = 0;
        for (int seed = 0; seed < KILLS; seed++) {
            int acknowledged = commitUntilKilled(1 + new Random(seed).nextInt(600));
            assertThat(acknowledged).as("the child commits").isGreaterThan(known);
            try (H2Store store = H2Store.open(directory, PowerLoss.SEALER, Clock.systemUTC())) {
                known = store.setting("n").map(Integer::parseInt).orElse(0);
                assertThat(known).isGreaterThanOrEqualTo(acknowledged);
                assertThat(PowerLoss.halves(store, known)).isEmpty();
            }
        }
    }

    private int commitUntilKilled(int lines) throws IOException, InterruptedException {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Committing.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int last = 0;
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            for (int i = 0; i < lines; i++) {
                String line = out.readLine();
                if (line == null) {
                    break;
                }
                last = Integer.parseInt(line);
            }
            // By its handle: Process.destroyForcibly would close the pipe with what is in it.
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            // What it said before it was killed counts as well.
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line.matches("\\d{8}") ? Integer.parseInt(line) : last;
            }
        }
        child.waitFor();
        return last;
    }

    /// The child: commits, many at a time, and prints each number when it is acknowledged.
    static final class Committing {
        private Committing() {}

        public static void main(String[] arguments) {
            H2Store store =
                    H2Store.open(Path.of(arguments[0]), PowerLoss.SEALER, Clock.systemUTC());
            int first = store.setting("n").map(Integer::parseInt).orElse(0) + 1;
            Semaphore underWay = new Semaphore(50);
            for (int i = first; ; i++) {
                int number = i;
                underWay.acquireUninterruptibly();
                store.commit(PowerLoss.transition(number))
                        .thenRun(() -> {
                            System.out.printf("%08d%n", number);
                            underWay.release();
                        })
                        .exceptionally(e -> {
                            throw new IllegalStateException(e);
                        });
            }
        }
    }
}
