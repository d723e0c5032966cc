package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class RetriesTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final Retries retries = new Retries(new Random(1), pauses::add);
    private int calls;

    private String answerAfter(int failures, ProviderCode code) {
        return retries.call(() -> {
            calls++;
            if (calls <= failures) {
                throw code.problem("not now", null);
            }
            return "answer";
        });
    }

    @Test
    void asksAgainUntilThereIsAnAnswer() {
        assertThat(answerAfter(5, ProviderCode.THROTTLED)).isEqualTo("answer");

        assertThat(calls).isEqualTo(6);
        assertThat(pauses).hasSize(5);
        for (int n = 0; n < pauses.size(); n++) {
            assertThat(pauses.get(n)).isLessThanOrEqualTo(Duration.ofMillis(500L << n));
        }
    }

    @Test
    void givesUpWithTheLastProblem() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> answerAfter(6, ProviderCode.UNAVAILABLE))
                .matches(last -> last.code().equals(ProviderCode.UNAVAILABLE.code()));

        assertThat(calls).isEqualTo(Retries.ATTEMPTS);
    }

    @Test
    void asksOnlyOnceWhereItCannotHelp() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> answerAfter(1, ProviderCode.QUOTA));

        assertThat(calls).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        Duration asked = Duration.ofSeconds(30);

        retries.call(() -> {
            calls++;
            if (calls == 1) {
                throw new AskLater(ProviderCode.THROTTLED.problem("not now", null), asked);
            }
            return calls;
        });

        assertThat(pauses).hasSize(1);
        assertThat(pauses.getFirst()).isBetween(asked, asked.plusMillis(500));
    }

    @Test
    void whoAsksForHoursIsLeftToTheEngine() {
        ProblemException busy = ProviderCode.THROTTLED.problem("not today", null);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        retries.run(() -> {
                            calls++;
                            throw new AskLater(busy, Duration.ofHours(3));
                        }))
                .isSameAs(busy);

        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aPauseCanBeCutShort() {
        Retries cancelled =
                new Retries(
                        new Random(1),
                        _ -> {
                            throw new InterruptedException();
                        });

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        cancelled.run(() -> {
                            throw ProviderCode.TIMEOUT.problem("no answer", null);
                        }))
                .matches(it -> it.code().equals(ProviderCode.INTERRUPTED.code()));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void looksUntilThereIsSomethingToSee() {
        String seen =
                retries.await(
                        "it is there",
                        Duration.ofMinutes(1),
                        () -> Optional.of("there").filter(_ -> ++calls == 4));

        assertThat(seen).isEqualTo("there");
        assertThat(pauses).hasSize(3).allMatch(Duration::isPositive);
    }

    @Test
    void looksNoLongerThanItMay() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(
                        () -> retries.await("it is there", Duration.ofMinutes(1), Optional::empty))
                .matches(it -> it.code().equals(ProviderCode.TIMEOUT.code()));

        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofMinutes(1));
    }
}
