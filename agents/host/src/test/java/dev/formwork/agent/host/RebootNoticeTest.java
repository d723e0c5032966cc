package dev.formwork.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RebootNoticeTest {
    private final RebootNotice notice = new RebootNotice(Thread.currentThread());

    @Test
    void interruptsAndTakesThatBackInTheEnd() {
        notice.give();

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(notice.close()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void isNotGivenToWhoHasGoneOn() {
        assertThat(notice.close()).isFalse();

        notice.give();

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void leavesAnInterruptionOfSomebodyElse() {
        Thread.currentThread().interrupt();

        assertThat(notice.close()).isFalse();

        assertThat(Thread.interrupted()).isTrue();
    }
}
