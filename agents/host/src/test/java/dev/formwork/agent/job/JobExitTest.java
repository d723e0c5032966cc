package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

final class JobExitTest {
    @Test
    void readsWhatTheWrapperWrites() {
        assertThat(JobExit.parse("run   0   \n")).contains(new JobExit(false, 0));
        assertThat(JobExit.parse("check 127 \n")).contains(new JobExit(true, 127));
    }

    @Test
    void isNothingBeforeTheWrapperHasWritten() {
        assertThat(JobExit.parse("           \n")).isEmpty();
        assertThat(JobExit.parse("run \n")).isEmpty();
        assertThat(JobExit.parse("run x\n")).isEmpty();
    }

    @Property
    void takesAnyText(@ForAll String text) {
        assertThat(JobExit.parse(text)).isNotNull();
    }
}
