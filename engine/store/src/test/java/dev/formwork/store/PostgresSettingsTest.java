package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {
    @Test
    void readsAUrl() {
        PostgresSettings settings =
                PostgresSettings.parse(
                        "postgresql://me@db.example:6543/our%20plans?sslmode=verify-full");

        assertThat(settings.host()).isEqualTo("db.example");
        assertThat(settings.port()).isEqualTo(6543);
        assertThat(settings.database()).isEqualTo("our plans");
        assertThat(settings.user()).isEqualTo("me");
        assertThat(settings.password()).isEmpty();
        assertThat(settings.jdbcUrl())
                .isEqualTo("jdbc:postgresql://db.example:6543/our+plans?sslmode=verify-full");
    }

    @Test
    void knowsThePortOfPostgres() {
        assertThat(PostgresSettings.parse("postgresql://me@[::1]/plans").jdbcUrl())
                .isEqualTo("jdbc:postgresql://[::1]:5432/plans?");
    }

    @Test
    void printsNoPassword() {
        PostgresSettings settings =
                PostgresSettings.parse("postgresql://me@host/plans").withPassword("hunter2");

        assertThat(settings.toString()).isEqualTo("postgresql://me@host:5432/plans");
        assertThat(settings.jdbcUrl()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:hunter2@host/plans",
                "postgresql://me@host/plans?password=hunter2",
                "postgresql://me@host/plans?socketFactory=hunter2",
                "postgresql://me@host/hunter2 ",
                "postgresql://me@host",
                "postgresql://hunter2/plans",
                "postgresql:hunter2",
                "jdbc:postgresql://me@host/hunter2",
                "hunter2"
            })
    void refusesWhatIsNoUrlWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> PostgresSettings.parse(url))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo("store.bad-url");
                            assertThat(e.problems().getFirst().hint()).contains("PGPASSWORD");
                            assertThat(e).hasMessageNotContaining("hunter2");
                        });
    }
}
