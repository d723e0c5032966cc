package dev.formwork.boot.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.model.ProblemException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

final class JournalLeaseBookTest {
    private static final Instant UNTIL = Instant.parse("2026-01-01T00:00:00.123Z");

    @TempDir private Path folder;

    @Test
    void hasWhatWasCommittedAfterItIsOpenedAgain() {
        try (JournalLeaseBook book = open()) {
            assertThat(book.load()).isEmpty();
            book.commit(List.of(lease(1, "a"), lease(2, "b"))).join();
            book.commit(List.of(lease(1, "c\nd \u00ff"))).join();
        }

        try (JournalLeaseBook book = open()) {
            assertThat(book.load())
                    .containsExactlyInAnyOrder(lease(1, "c\nd \u00ff"), lease(2, "b"));
        }
    }

    @Test
    void keepsTheOrderOfCommitsThatWaitTogether() {
        try (JournalLeaseBook book = open()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                all.add(book.commit(List.of(lease(i % 7, "n" + i))));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        }

        try (JournalLeaseBook book = open()) {
            assertThat(book.load())
                    .extracting(Lease::hostName)
                    .containsExactlyInAnyOrder(
                            "n4993", "n4994", "n4995", "n4996", "n4997", "n4998", "n4999");
        }
    }

    @Test
    void commitsWhatWaitsBeforeItCloses() {
        JournalLeaseBook book = open();
        CompletableFuture<Void> commit = book.commit(List.of(lease(1, "a")));
        book.close();

        assertThat(commit).isCompleted();
        assertThat(book.commit(List.of(lease(2, "b"))))
                .failsWithin(java.time.Duration.ofSeconds(10));
        try (JournalLeaseBook again = open()) {
            assertThat(again.load()).containsExactly(lease(1, "a"));
        }
    }

    @Test
    void writesItselfAnewWhenMostLinesAreOutdated() throws IOException {
        try (JournalLeaseBook book = open()) {
            for (int i = 0; i < 120; i++) {
                List<Lease> many = new ArrayList<>();
                for (int j = 0; j < 100; j++) {
                    many.add(lease(j, "x" + i));
                }
                book.commit(many).join();
            }
            assertThat(Files.readAllLines(file())).hasSizeLessThan(11_000);
        }

        try (JournalLeaseBook book = open()) {
            assertThat(book.load())
                    .hasSize(100)
                    .allSatisfy(lease -> assertThat(lease.hostName()).isEqualTo("x119"));
            assertThat(Files.readAllLines(file())).hasSize(100);
        }
    }

    @Test
    void putsAsideWhatALossOfPowerLeftAtTheEnd() throws IOException {
        try (JournalLeaseBook book = open()) {
            book.commit(List.of(lease(1, "a"))).join();
            book.commit(List.of(lease(2, "b"))).join();
        }
        byte[] whole = Files.readAllBytes(file());

        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try (JournalLeaseBook book = open()) {
                assertThat(book.load()).isSubsetOf(lease(1, "a"), lease(2, "b"));
                assertThat(book.load()).hasSize(length >= whole.length / 2 ? 1 : 0);
            }
        }
        assertThat(folder.resolve("leases.damaged")).exists();
    }

    @Test
    void refusesAFileThatIsInUse() {
        JournalLeaseBook book = open();

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(this::open)
                .satisfies(e -> assertThat(e.code()).isEqualTo("dhcp.journal-locked"));

        book.close();
        open().close();
    }

    @Test
    void failsACommitThatIsNotDurableAndMendsItselfLater() throws IOException {
        try (JournalLeaseBook book = open()) {
            book.commit(List.of(lease(1, "a"))).join();
            // A journal that has to be written anew, and cannot.
            Files.createDirectories(folder.resolve("leases.new/in-the-way"));
            List<Lease> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(lease(10 + i, "x"));
            }
            CompletableFuture<Void> failing = book.commit(many);
            for (int i = 0; i < 120 && !failing.isCompletedExceptionally(); i++) {
                failing = book.commit(many);
                failing.exceptionally(e -> null).join();
            }
            CompletableFuture<Void> failed = failing;
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(failed::join)
                    .withMessageContaining("dhcp.journal-io");
            Files.delete(folder.resolve("leases.new/in-the-way"));
            Files.delete(folder.resolve("leases.new"));

            book.commit(List.of(lease(4, "d"))).join();
        }

        try (JournalLeaseBook book = open()) {
            assertThat(book.load()).contains(lease(1, "a"), lease(4, "d"));
        }
    }

    @Property
    void readsAnyLineWithoutAnException(@ForAll String line) {
        assertThat(LeaseLine.read(line)).isEmpty();
    }

    @Property
    void readsTheLineOfALease(@ForAll int address, @ForAll boolean bound, @ForAll int number) {
        Lease lease =
                new Lease(
                        new Ipv4(address),
                        ClientKey.of(Segment.mac(number)),
                        bound ? Lease.State.BOUND : Lease.State.DECLINED,
                        Instant.ofEpochMilli(Math.abs((long) number)),
                        "name\n" + number);

        assertThat(LeaseLine.read(LeaseLine.write(lease))).contains(lease);
    }

    private Path file() {
        return folder.resolve("leases");
    }

    private JournalLeaseBook open() {
        return new JournalLeaseBook(file());
    }

    private static Lease lease(int number, String hostName) {
        return new Lease(
                Ipv4.parse("10.0.0.0").plus(number),
                ClientKey.of(Segment.mac(number)),
                Lease.State.BOUND,
                UNTIL,
                hostName);
    }
}
