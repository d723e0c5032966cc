package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;

/// The database's server crashes beneath a store.
@Timeout(120)
class DatabaseCrashIT {
    @Test
    void isBrokenUntilItIsOpenedAnewAndHasLostNothing() throws IOException {
        try (TestPostgres postgres = TestPostgres.start()) {
            PostgresSettings settings = postgres.emptyDatabase().withLease(Duration.ofSeconds(1));
            int acknowledged = 0;
            try (Store store = TestPostgres.open(settings)) {
                while (acknowledged < 100) {
                    store.commit(PowerLoss.transition(++acknowledged)).join();
                }
                postgres.server().crash();

                assertThat(StoreFixture.codeOf(store.commit(PowerLoss.transition(101))))
                        .isEqualTo("store.broken");
                postgres.server().restart();
                assertThat(StoreFixture.codeOf(store.commit(PowerLoss.transition(102))))
                        .isEqualTo("store.broken");
            }
            try (Store store = TestPostgres.open(settings)) {
                assertThat(PowerLoss.halves(store, acknowledged)).isEmpty();
                store.commit(PowerLoss.transition(acknowledged + 1)).join();
                assertThat(PowerLoss.halves(store, acknowledged + 1)).isEmpty();
            }
        }
    }
}
