package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderRecords;
import dev.formwork.provider.ProviderRecords.Swap;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [ProviderRecords] promise, whoever keeps them. That they are durable and seen by all
/// engines of one database is for the store's own tests.
public interface ProviderRecordsContract {
    /// Those of one provider, empty at first, and the same each time.
    ProviderRecords records();

    private static Swap put(String key, String text) {
        return new Swap(key, Optional.empty(), Optional.of(text));
    }

    @Test
    default void keepsWhatIsPutAndForgetsWhatIsTaken() {
        assertThat(records().all()).isEmpty();
        assertThat(records().replace("node/a", Optional.empty(), Optional.of("one"))).isTrue();
        assertThat(records().replace("node/b", Optional.empty(), Optional.of(""))).isTrue();

        assertThat(records().read("node/a")).contains("one");
        assertThat(records().all()).isEqualTo(Map.of("node/a", "one", "node/b", ""));
        assertThat(records().replace("node/a", Optional.of("one"), Optional.of("two"))).isTrue();
        assertThat(records().replace("node/b", Optional.of(""), Optional.empty())).isTrue();
        assertThat(records().all()).isEqualTo(Map.of("node/a", "two"));
        assertThat(records().read("node/b")).isEmpty();
    }

    @Test
    default void changesNothingWhereOneIsNotAsExpected() {
        assertThat(records().replace(List.of(put("a", "1"), put("b", "2")))).isTrue();

        assertThat(records().replace(List.of(put("c", "3"), put("a", "4")))).isFalse();
        assertThat(records().replace("a", Optional.of("2"), Optional.empty())).isFalse();
        assertThat(records().replace("d", Optional.of("2"), Optional.of("2"))).isFalse();
        assertThat(records().all()).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    default void takesEachRecordOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> records().replace(List.of(put("a", "1"), put("a", "2"))));
        assertThat(records().all()).isEmpty();
    }

    @Test
    default void anInterruptedThreadIsToldSo() {
        Thread.currentThread().interrupt();
        try {
            assertRefused(ProviderCode.INTERRUPTED, () -> records().all());
            assertRefused(
                    ProviderCode.INTERRUPTED,
                    () -> records().replace("a", Optional.empty(), Optional.of("1")));
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
        }
        assertThat(records().replace("a", Optional.empty(), Optional.of("1"))).isTrue();
    }
}
