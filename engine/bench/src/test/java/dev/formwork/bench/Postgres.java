package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.formwork.postgres.PostgresServer;

/// What tests on a real PostgreSQL need.
final class Postgres {
    private Postgres() {}

    /// Skips the test where it is not installed, with the reason; where `FORMWORK_REQUIRE_IT` is
    /// `true`, as in `.ci/run`, fails it.
    static void isNeeded() {
        String missing = PostgresServer.missing().orElse("");
        if (Boolean.parseBoolean(System.getenv("FORMWORK_REQUIRE_IT"))) {
            assertThat(missing).isEmpty();
        } else {
            assumeTrue(missing.isEmpty(), missing);
        }
    }
}
