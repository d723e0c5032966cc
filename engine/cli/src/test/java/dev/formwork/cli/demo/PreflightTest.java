package dev.formwork.cli.demo;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

class PreflightTest {
    @Test
    void saysAllThatIsMissingAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new Preflight("/nonexistent", false).check())
                .satisfies(e ->
                        org.assertj.core.api.Assertions.assertThat(e.problems())
                                .extracting(Problem::detail)
                                .anyMatch(detail -> detail.contains("Linux"))
                                .anyMatch(detail -> detail.contains("apt-get"))
                                .anyMatch(detail -> detail.contains("openssl")));
    }
}
