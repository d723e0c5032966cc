package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.transitions.Transitions;
import dev.formwork.bench.transitions.TransitionsReport;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The part on a real PostgreSQL server: that it leaves the same figures as H2.
class PostgresTransitionsIT {
    @Test
    void measuresBothDatabases() throws IOException {
        Needs.nothing(PostgresServer.missing());
        TransitionsReport report =
                new Transitions(TransitionsTest.TINY, Optional.empty(), true, _ -> {})
                        .measure(
                                Path.of(System.getProperty("java.io.tmpdir")),
                                "engine/bench/run transitions");

        assertThat(report.store())
                .extracting(figure -> figure.database() + " " + figure.outstanding())
                .containsExactly("h2 1", "h2 4", "postgresql 1", "postgresql 4");
        assertThat(report.chains())
                .extracting(figure ->
                        figure.database() + " " + figure.chains() + " " + figure.dbos().isPresent())
                .containsExactly(
                        "h2 1 false", "h2 2 false", "postgresql 1 true", "postgresql 2 true");
        assertThat(report.engine())
                .extracting(figure -> figure.database() + " " + figure.nodes())
                .containsExactly("h2 4", "h2 8", "postgresql 4", "postgresql 8");
        assertThat(report.perNodeGrowth()).containsKeys("h2", "postgresql");
    }
}
