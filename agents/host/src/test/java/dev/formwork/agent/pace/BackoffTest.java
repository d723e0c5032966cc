package dev.formwork.agent.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

final class BackoffTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @Test
    void doublesUpToTheLongest() {
        Backoff backoff = new Backoff(FIRST, LONGEST, always(0));

        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(2500));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void beginsAnewAfterSuccess() {
        Backoff backoff = new Backoff(FIRST, LONGEST, always(0));
        backoff.next();
        backoff.next();

        backoff.reset();

        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
    }

    @Property
    void staysBetweenHalfAndTheWhole(@ForAll long seed) {
        Backoff backoff = new Backoff(FIRST, LONGEST, new Random(seed));
        Duration whole = FIRST;
        for (int i = 0; i < 10; i++) {
            assertThat(backoff.next()).isBetween(whole.dividedBy(2), whole);
            whole = whole.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : whole.multipliedBy(2);
        }
    }

    @Test
    void refusesToStandStill() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ZERO, LONGEST, always(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(LONGEST, FIRST, always(0)));
    }

    private static RandomGenerator always(long bits) {
        return () -> bits;
    }
}
