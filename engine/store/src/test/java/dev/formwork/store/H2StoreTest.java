package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.store.disk.LossyDisk;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// What is H2's own, beside the contract.
class H2StoreTest {
    @TempDir Path directory;

    private Store open() {
        return H2Store.open(directory, PowerLoss.SEALER, Clock.systemUTC());
    }

    @Test
    void isOneProcesssAtATime() {
        try (Store store = open()) {
            assertThat(store.setting("s")).isEmpty();
            assertProblem(this::open, "store.locked")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void refusesAnotherKey() {
        open().close();
        SecretSealer other =
                new SecretSealer(
                        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        assertProblem(() -> H2Store.open(directory, other, Clock.systemUTC()), "store.bad-key");
        open().close();
    }

    @Test
    void refusesADirectoryThatH2CannotName() {
        Path odd = directory.resolve("a;b");
        assertProblem(
                () -> H2Store.open(odd, PowerLoss.SEALER, Clock.systemUTC()), "store.unreadable");
    }

    @Test
    void writesNoSecretInTheClear() throws IOException {
        try (Store store = open()) {
            store.commit(
                            List.of(
                                    new Change.PutMachine(Samples.machine("M1")),
                                    new Change.PutCluster(Samples.cluster("demo")),
                                    new Change.PutResult(Samples.result("demo", Samples.KEY)),
                                    new Change.PutPlan("p", Samples.plan(1), Samples.NOW),
                                    new Change.PutJob(
                                            Samples.job(
                                                    "J1",
                                                    Samples.RUN,
                                                    Samples.NOW,
                                                    JobRecord.State.OFFERED))))
                    .join();
            assertThat(bytesOnDisk()).doesNotContain(Samples.SECRET).contains("demo-members-0");
        }
        assertThat(bytesOnDisk()).doesNotContain(Samples.SECRET);
    }

    private String bytesOnDisk() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void saysThatTheDiskIsFullAndCarriesOnWhenItIsNot() {
        LossyDisk disk = new LossyDisk("fills");
        H2Database database = H2Database.at(disk.path("formwork"));
        int acknowledged = 0;
        String code = "";
        try (Store store = H2Store.open(directory, database, PowerLoss.SEALER, Clock.systemUTC())) {
            disk.fillAfter(200);
            while (code.isEmpty()) {
                CompletableFuture<Void> commit =
                        store.commit(PowerLoss.transition(acknowledged + 1));
                code = StoreFixture.codeOf(commit);
                if (code.isEmpty()) {
                    acknowledged++;
                }
            }
            assertThat(code).isEqualTo("store.full");
            assertThat(StoreFixture.codeOf(store.commit(PowerLoss.transition(acknowledged + 1))))
                    .isEqualTo("store.broken");
        }
        assertThat(acknowledged).isPositive();

        disk.makeRoom();
        try (Store store = H2Store.open(directory, database, PowerLoss.SEALER, Clock.systemUTC())) {
            int found = store.setting("n").map(Integer::parseInt).orElse(0);
            assertThat(found).isBetween(acknowledged, acknowledged + 1);
            assertThat(PowerLoss.halves(store, found)).isEmpty();
            store.commit(PowerLoss.transition(found + 1)).join();
            assertThat(PowerLoss.halves(store, found + 1)).isEmpty();
        }
    }

    @Test
    void compactsItsFileOnClose() throws IOException {
        long open;
        try (Store store = open()) {
            for (int i = 0; i < 200; i++) {
                store.commit(
                                List.of(
                                        new Change.PutSetting(
                                                "s",
                                                ("" + i).repeat(100_000).substring(0, 100_000))))
                        .join();
            }
            open = Files.size(directory.resolve("formwork.mv.db"));
        }
        assertThat(Files.size(directory.resolve("formwork.mv.db"))).isLessThan(open / 4);
        assertThat(directory.resolve("formwork.mv.db.journal")).isEmptyFile();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
            assertProblem(ThrowingCallable call, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
