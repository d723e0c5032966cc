package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.boot.lease.Observation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class BootReportsTest {
    private static final String ROGUE = "dhcp.rogue-server";

    private final BootReports reports = new BootReports();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void tellsEachThingOnceAnHour() {
        assertThat(take(ROGUE, "10.0.0.9")).isTrue();
        for (int minute = 1; minute < 60; minute++) {
            assertThat(passes(Duration.ofMinutes(1)).take(ROGUE, "10.0.0.9")).isFalse();
        }
        assertThat(take(ROGUE, "10.0.0.8")).as("another one").isTrue();
        assertThat(passes(Duration.ofMinutes(1)).take(ROGUE, "10.0.0.9")).isTrue();

        assertThat(reports.all(now).getFirst())
                .isEqualTo(
                        new BootReports.Sighting(
                                "site",
                                ROGUE,
                                "10.0.0.9",
                                "words",
                                now.minus(Duration.ofHours(1)),
                                now,
                                61));
    }

    @Test
    void forgetsWhatIsSeenNoMore() {
        take(ROGUE, "10.0.0.9");

        assertThat(reports.all(now.plus(BootReports.MEMORY.minusMillis(1)))).hasSize(1);
        assertThat(reports.all(now.plus(BootReports.MEMORY))).isEmpty();
        assertThat(passes(BootReports.MEMORY).take(ROGUE, "10.0.0.9")).isTrue();
    }

    @Test
    void tellsTheEndOfWhatWasThereOnly() {
        assertThat(end("eth1")).isFalse();
        take("boot.link-down", "eth1");

        assertThat(end("eth1")).isTrue();
        assertThat(reports.all(now)).isEmpty();
        assertThat(end("eth1")).isFalse();
        assertThat(take("boot.link-down", "eth1")).isTrue();
    }

    @Test
    void aFloodOfOneThingLeavesRoomForOthers() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(take(ROGUE, "10.0.0." + i)).isEqualTo(i < BootReports.MOST);
        }

        assertThat(take("dhcp.declined", "10.0.0.7")).isTrue();
        assertThat(reports.all(now)).hasSize(BootReports.MOST + 1);
    }

    @Test
    void keepsNoTextThatIsMoreThanText() {
        String hostile = "\u001b[2J\n\u00e4" + "x".repeat(2000);
        BootReport report =
                BootReport.of(new Observation("dhcp.declined", hostile, hostile), hostile)
                        .checked();

        assertThat(report.detail()).startsWith("?[2J??xxx").endsWith("...").hasSize(500);
        assertThat(report.subject()).isEqualTo(report.detail());
        assertThat(report.server()).hasSizeLessThanOrEqualTo(80).doesNotContain("\n");
        assertThatThrownBy(() -> report("\nevent: x", "y").checked())
                .hasMessageContaining("nothing that a boot server sees");
    }

    private BootReportsTest passes(Duration time) {
        now = now.plus(time);
        return this;
    }

    private boolean take(String code, String subject) {
        return reports.take(report(code, subject), now);
    }

    private boolean end(String link) {
        return reports.take(
                new BootReport("site", "boot.link-down", link, "up", Optional.of(true)), now);
    }

    private static BootReport report(String code, String subject) {
        return new BootReport("site", code, subject, "words", Optional.empty());
    }
}
