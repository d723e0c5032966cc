package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.job.Ending.Step;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class EndingTest {
    @Test
    void asksOnceWaitsTheGraceAndKillsUntilItGivesUp() {
        Ending ending = new Ending(Duration.ofSeconds(10));

        assertThat(ending.next(seconds(100))).isEqualTo(Step.TERM);
        assertThat(ending.next(seconds(100))).isEqualTo(Step.WAIT);
        assertThat(ending.next(seconds(109))).isEqualTo(Step.WAIT);
        assertThat(ending.next(seconds(110))).isEqualTo(Step.KILL);
        assertThat(ending.next(seconds(111))).isEqualTo(Step.KILL);
        assertThat(ending.next(seconds(125))).isEqualTo(Step.GIVE_UP);
    }

    @Test
    void killsAtOnceWithoutGrace() {
        Ending ending = new Ending(Duration.ZERO);

        assertThat(ending.next(0)).isEqualTo(Step.TERM);
        assertThat(ending.next(0)).isEqualTo(Step.KILL);
    }

    @Test
    void killsNextWhereAShorterGraceIsOver() {
        Ending ending = new Ending(Duration.ofHours(1));
        ending.next(seconds(100));

        ending.within(Duration.ofSeconds(5), seconds(200));
        ending.within(Duration.ofSeconds(5), seconds(201));
        assertThat(ending.next(seconds(201))).isEqualTo(Step.KILL);
        assertThat(ending.next(seconds(214))).isEqualTo(Step.KILL);
        assertThat(ending.next(seconds(215))).isEqualTo(Step.GIVE_UP);
    }

    @Test
    void countsOnAClockThatPassesZero() {
        Ending ending = new Ending(Duration.ofSeconds(1));

        assertThat(ending.next(Long.MAX_VALUE)).isEqualTo(Step.TERM);
        assertThat(ending.next(Long.MAX_VALUE + seconds(2))).isEqualTo(Step.KILL);
    }

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
