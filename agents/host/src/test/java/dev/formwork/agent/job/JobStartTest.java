package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JobStartTest {
    @Test
    void quotesForTheShell() {
        assertThat(JobStart.quote("/a b/$(x).sh")).isEqualTo("'/a b/$(x).sh'");
        assertThat(JobStart.quote("it's")).isEqualTo("'it'\\''s'");
    }
}
