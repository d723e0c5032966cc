package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

/// Databases remember the digests of the migrations that made them, and an engine that has others
/// does not open them: a migration is never changed, not even its comments. What is to change is a
/// new one, and is added here.
class MigrationsTest {
    @Test
    void noneIsEverChanged() {
        JdbcDataSource nothing = new JdbcDataSource();
        nothing.setUrl("jdbc:h2:mem:migrations");
        assertThat(
                        Arrays.stream(
                                        Flyway.configure()
                                                .dataSource(nothing)
                                                .locations(Dialect.POSTGRESQL.migrations())
                                                .load()
                                                .info()
                                                .all())
                                .map(each -> each.getVersion() + " " + each.getChecksum()))
                .containsExactly(
                        "1 -186878644",
                        "1.1 -57416702",
                        "2 1893079803",
                        "3 -446219231",
                        "3.1 -323149881",
                        "4 -1579349312",
                        "5 -1450043337",
                        "6 1863590690",
                        "7 -532939484",
                        "8 201100045",
                        "8.1 -1384546141",
                        "9 970355426");
    }
}
