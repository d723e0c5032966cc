package dev.formwork.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.lease.Observation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class LinkWatchTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LinkWatch watch = new LinkWatch();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void namesALinkThatStaysDownAndSaysWhenItIsUpAgain() {
        assertThat(look(true)).isEmpty();
        assertThat(look(false)).as("a moment is nothing").isEmpty();

        Observation down = passes(LinkWatch.PATIENCE).look(false).orElseThrow();

        assertThat(down.code()).isEqualTo("boot.link-down");
        assertThat(down.subject()).isEqualTo("eth7");
        assertThat(down.detail()).contains("eth7 is down", "cable");
        assertThat(down.isOver()).isFalse();
        assertThat(passes(SECOND).look(false)).isEmpty();
        assertThat(passes(LinkWatch.QUIET).look(false)).contains(down);
        Observation up = look(true).orElseThrow();
        assertThat(up.code()).isEqualTo("boot.link-down");
        assertThat(up.isOver()).isTrue();
        assertThat(look(true)).isEmpty();
    }

    @Test
    void saysNothingOfALinkThatIsDownForAMoment() {
        look(false);

        assertThat(passes(SECOND).look(true)).isEmpty();
        assertThat(passes(LinkWatch.PATIENCE).look(false)).isEmpty();
    }

    @Test
    void looksAtEachByItself() {
        look(false);
        passes(LinkWatch.PATIENCE);

        assertThat(watch.look("eth8", false, now)).isEmpty();
        assertThat(look(false)).isPresent();
    }

    private LinkWatchTest passes(Duration time) {
        now = now.plus(time);
        return this;
    }

    private Optional<Observation> look(boolean isUp) {
        return watch.look("eth7", isUp, now);
    }
}
