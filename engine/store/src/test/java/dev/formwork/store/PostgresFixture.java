package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Store;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// A server for each class, and an empty database for each test, in which no engine is taken for
/// dead by the clock.
abstract class PostgresFixture {
    private static Optional<TestPostgres> postgres = Optional.empty();

    final PostgresSettings settings = postgres.orElseThrow().emptyDatabase();

    @BeforeAll
    static void startServer() throws IOException {
        postgres = Optional.of(TestPostgres.start());
    }

    @AfterAll
    static void stopServer() {
        postgres.ifPresent(TestPostgres::close);
    }

    final String sql(String sql) {
        return postgres.orElseThrow().server().sql(settings.database(), sql);
    }

    /// Asks the database until it is so.
    final void awaitSql(String condition) {
        while (!sql("select " + condition).equals("t")) {
            Thread.onSpinWait();
        }
    }

    /// By the database's clock, and not by waiting.
    final void letRunOut(Store store) {
        sql(
                "update engines set lease_until = clock_timestamp() where engine = '"
                        + self(store)
                        + "'");
    }

    static String self(Store store) {
        return store.seats().view().self();
    }

    static Change put(String value) {
        return put("s", value);
    }

    static Change put(String name, String value) {
        return new Change.PutSetting(name, value);
    }

    static Store announced(Store store, String machine) {
        store.seats()
                .announce(
                        new EngineAddress(
                                URI.create("http://127.0.0.1/" + machine),
                                Optional.of(URI.create("https://host/" + machine))),
                        new MachineId(machine))
                .join();
        return store;
    }

    final Store announced(String machine) {
        return announced(TestPostgres.open(settings), machine);
    }

    static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertProblem(
            ThrowingCallable call, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
