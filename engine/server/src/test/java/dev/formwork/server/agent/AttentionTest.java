package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class AttentionTest {
    private static final Duration SILENCE = Duration.ofNanos(45);

    private final Attention attention = new Attention(SILENCE, at(0));

    /// Clocks of this kind may be anywhere, also just before they begin anew.
    private static long at(long nanos) {
        return Long.MAX_VALUE - 20 + nanos;
    }

    @Test
    void endsWhereAnAgentDoesNothing() {
        assertThat(attention.left(at(0))).isEqualTo(45);
        assertThat(attention.left(at(45))).isZero();
    }

    @Test
    void lastsAsLongAsACheckThatHasBegunMayTake() {
        attention.began(Duration.ofNanos(600), at(40));
        assertThat(attention.left(at(40))).isEqualTo(645);
        attention.began(Duration.ofNanos(10), at(41));
        assertThat(attention.left(at(41))).as("the longest of them").isEqualTo(644);
    }

    @Test
    void beginsAnewWithTheEndOfTheLastOneThatRan() {
        attention.began(Duration.ofNanos(600), at(0));
        attention.began(Duration.ofNanos(600), at(0));
        attention.ended(at(100));
        assertThat(attention.left(at(100))).as("the other runs").isEqualTo(545);
        attention.ended(at(200));
        assertThat(attention.left(at(200))).isEqualTo(45);
    }
}
