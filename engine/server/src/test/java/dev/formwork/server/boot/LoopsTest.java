package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class LoopsTest {
    private static final MachineId ONE = new MachineId("m-1");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final Loops loops = new Loops();

    private boolean boots(MachineId machine, String bootId, Duration later) {
        return loops.mayBoot(machine, Optional.of(bootId), NOW.plus(later));
    }

    private boolean isStopped(String bootId, Duration later) {
        return loops.isStopped(ONE, Optional.of(bootId), NOW.plus(later));
    }

    @Test
    void stopsAMachineThatNeverRegistersAndLetsItTryAgainLater() {
        for (int i = 0; i < Loops.MOST; i++) {
            assertThat(boots(ONE, "b", Duration.ofMinutes(i))).isTrue();
        }
        assertThat(boots(ONE, "b", Duration.ofMinutes(6))).isFalse();
        assertThat(isStopped("b", Duration.ofMinutes(6))).isTrue();
        assertThat(isStopped("c", Duration.ofMinutes(6))).as("it has registered").isFalse();
        assertThat(isStopped("b", Loops.WINDOW.plusSeconds(1))).as("it may try again").isFalse();
        assertThat(boots(new MachineId("m-2"), "b", Duration.ofMinutes(6))).isTrue();
        assertThat(boots(ONE, "b", Loops.WINDOW.plusSeconds(1))).isTrue();
        assertThat(boots(ONE, "b", Loops.WINDOW.plusSeconds(2))).isFalse();
    }

    @Test
    void aMachineThatRegisteredBeginsAnew() {
        for (int i = 0; i < 20; i++) {
            assertThat(boots(ONE, "boot-" + i, Duration.ofSeconds(i))).isTrue();
        }
    }
}
