package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/// A process that commits is killed, or stopped for a while, and what it was told is stored is
/// there.
@Timeout(300)
class KillIT {
    private static final int KILLS = Integer.getInteger("kill.times", 4);

    @TempDir Path directory;

    @Test
    void aKilledProcessLosesNothingThatWasAcknowledged() throws Exception {
        killAgainAndAgain(
                directory.toString(),
                () -> H2Store.open(directory, PowerLoss.SEALER, Clock.systemUTC()));
    }

    @Test
    void nothingInPostgresIsLostEither() throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            PostgresSettings settings = shortLived(postgres);
            killAgainAndAgain(settings.toString(), () -> TestPostgres.open(settings));
        }
    }

    @Test
    void aStoppedProcessIsReplacedAndStoresNothingWhenItGoesOn() throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            PostgresSettings settings = shortLived(postgres);
            try (Committer committer = Committer.start(settings.toString())) {
                committer.awaitLines(100);
                committer.signal("STOP");
                try (Store store = TestPostgres.open(settings)) {
                    takeOver(store);
                    int found = found(store);
                    assertThat(found).isGreaterThanOrEqualTo(100);
                    store.commit(PowerLoss.transition(found + 1)).join();

                    committer.signal("CONT");

                    // Where it was stopped within a transaction, the server has ended its session.
                    assertThat(committer.awaitEnd())
                            .isIn("refused: store.fenced", "refused: store.broken");
                    assertThat(committer.last()).isLessThanOrEqualTo(found);
                    assertThat(PowerLoss.halves(store, found + 1)).isEmpty();
                }
            }
        }
    }

    /// Waits until whoever has stopped is taken for dead.
    private static void takeOver(Store store) {
        while (store.seats().view().engines().size() > 1) {
            store.seats().take(Shard.all()).join();
        }
    }

    private static PostgresSettings shortLived(TestPostgres postgres) {
        return postgres.emptyDatabase().withLease(Committer.LEASE);
    }

    private interface Opening {
        Store open() throws IOException;
    }

    private static void killAgainAndAgain(String where, Opening opening) throws Exception {
        int known = 0;
        for (int seed = 0; seed < KILLS; seed++) {
            int acknowledged;
            try (Committer committer = Committer.start(where)) {
                committer.awaitLines(1 + new Random(seed).nextInt(600));
                committer.kill();
                acknowledged = committer.last();
            }
            assertThat(acknowledged).as("the child commits").isGreaterThan(known);
            try (Store store = opening.open()) {
                known = found(store);
                assertThat(known).isGreaterThanOrEqualTo(acknowledged);
                assertThat(PowerLoss.halves(store, known)).isEmpty();
            }
        }
    }

    private static int found(Store store) {
        return store.setting("n").map(Integer::parseInt).orElse(0);
    }
}
