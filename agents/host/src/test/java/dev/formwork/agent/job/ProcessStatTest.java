package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

final class ProcessStatTest {
    private static final String REST =
            " S 1 500 500 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 10 11 12";

    @Test
    void readsWhatTheKernelWrites() {
        assertThat(ProcessStat.parse("512 (sh)" + REST))
                .contains(new ProcessStat(512, 'S', 500, 987654));
    }

    @Test
    void isNotFooledByTheNameOfAProgram() {
        assertThat(ProcessStat.parse("512 (a) R 1 2 3 (b\n)" + REST))
                .contains(new ProcessStat(512, 'S', 500, 987654));
    }

    @Test
    void knowsTheDead() {
        assertThat(new ProcessStat(1, 'Z', 1, 1).isAlive()).isFalse();
        assertThat(new ProcessStat(1, 'T', 1, 1).isAlive()).isTrue();
    }

    @Property
    void takesAnyText(@ForAll String text) {
        assertThat(ProcessStat.parse(text)).isNotNull();
        assertThat(ProcessStat.parse("1 (" + text + ")" + REST)).isNotNull();
    }
}
