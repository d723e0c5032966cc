package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.hardware.Hardware;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

class RefusalsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final String UUID = "aaaaaaaa-0000-4000-8000-00000000000a";

    private final Refusals refusals = new Refusals();

    private static Hardware card(int number) {
        return new Hardware(
                List.of("52:54:00:00:%02x:%02x".formatted(number / 256, number % 256)),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void remembersTheLastByWhateverOfTheMachine() {
        Hardware whole = new Hardware(card(1).macs(), Optional.of(UUID), Optional.empty());
        refusals.note(whole, "a.b: one", NOW);
        refusals.note("52:54:00:00:00:01", "a.c: two", NOW.plusSeconds(1));

        assertThat(refusals.last(whole, NOW.plusSeconds(2))).contains("a.c: two");
        assertThat(
                        refusals.last(
                                new Hardware(List.of(), Optional.of(UUID), Optional.empty()),
                                NOW.plusSeconds(2)))
                .contains("a.b: one");
        assertThat(refusals.last(card(2), NOW)).isEmpty();
        refusals.forget(whole);
        assertThat(refusals.last(whole, NOW.plusSeconds(2))).isEmpty();
    }

    @Test
    void forgetsWhatIsOlderThanALoop() {
        refusals.note(card(1), "a.b: one", NOW);

        assertThat(refusals.last(card(1), NOW.plus(Loops.WINDOW).minusMillis(1))).isPresent();
        assertThat(refusals.last(card(1), NOW.plus(Loops.WINDOW))).isEmpty();
    }

    @Test
    void aFloodPushesOutTheOldestOnly() {
        for (int i = 0; i < Refusals.MOST; i++) {
            refusals.note(card(i), "a.b: " + i, NOW);
        }
        refusals.note(card(0), "a.b: again", NOW);
        refusals.note(card(Refusals.MOST), "a.b: new", NOW);

        assertThat(refusals.last(card(0), NOW)).contains("a.b: again");
        assertThat(refusals.last(card(1), NOW)).isEmpty();
        assertThat(refusals.last(card(2), NOW)).isPresent();
    }
}
