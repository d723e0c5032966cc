package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class ProviderCodeTest {
    /// Codes are never removed and never renamed.
    @Test
    void theCodesAreThese() {
        assertThat(Arrays.stream(ProviderCode.values()).map(ProviderCode::code))
                .containsExactlyInAnyOrder(
                        "provider.timeout",
                        "provider.throttled",
                        "provider.unavailable",
                        "provider.interrupted",
                        "provider.partial",
                        "provider.credentials",
                        "provider.quota",
                        "provider.not-found",
                        "provider.conflict",
                        "provider.unsupported",
                        "provider.closed",
                        "provider.invalid-config",
                        "provider.invalid-name",
                        "provider.invalid-label",
                        "provider.invalid-spec");
    }

    @Test
    void onlyWhatMayPassByItselfIsAskedAgain() {
        assertThat(ProviderCode.isTransient(ProviderCode.TIMEOUT.problem("late", null))).isTrue();
        assertThat(ProviderCode.isTransient(ProviderCode.QUOTA.problem("full", null))).isFalse();
        assertThat(ProviderCode.isTransient(ProblemException.of("local.needs-linux", "no", null)))
                .isFalse();
    }
}
