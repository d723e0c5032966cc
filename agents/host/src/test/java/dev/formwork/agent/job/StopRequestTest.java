package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.pace.Signal;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class StopRequestTest {
    private final StopRequest stop = new StopRequest(new Signal(), Duration.ofSeconds(10));

    @Test
    void keepsTheFirstReasonAndItsGrace() {
        assertThat(stop.ask(StopReason.CANCELLED, Duration.ofSeconds(1))).isTrue();
        assertThat(stop.ask(StopReason.TIMED_OUT)).isFalse();

        assertThat(stop.reason()).contains(StopReason.CANCELLED);
        assertThat(stop.grace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(stop.isReportUnwanted()).isFalse();
    }

    @Test
    void takesAShorterGraceAndNoLongerOne() {
        stop.ask(StopReason.CANCELLED, Duration.ofSeconds(5));

        assertThat(stop.ask(StopReason.CANCELLED, Duration.ofSeconds(8))).isFalse();
        assertThat(stop.ask(StopReason.CANCELLED, Duration.ZERO)).isTrue();
        assertThat(stop.grace()).isEqualTo(Duration.ZERO);
        assertThat(stop.ask(StopReason.CANCELLED, Duration.ZERO)).isFalse();
    }

    @Test
    void letsANewerAttemptOutweighTheRest() {
        stop.ask(StopReason.TIMED_OUT);

        assertThat(stop.ask(StopReason.SUPERSEDED)).isTrue();
        assertThat(stop.ask(StopReason.CANCELLED)).isFalse();
        assertThat(stop.isReportUnwanted()).isTrue();
    }
}
