package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.EventLog;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What [EventLog] promises, for a provider that offers [InstanceLifecycle] too.
public interface EventLogContract extends ProviderContract {
    /// Lets the hardware of an instance note something, and returns when it has.
    void note(InstanceRef ref);

    @Test
    default void saysWhatTheHardwareHasNoted() {
        try (Provider provider = bench().open(ENGINE)) {
            EventLog log = provider.capability(EventLog.class);
            InstanceRef ref = made(provider);
            int before = log.events(ref, 1000).size();

            note(ref);
            note(ref);

            List<HardwareEvent> all = log.events(ref, 1000);
            assertThat(all).hasSize(before + 2);
            assertThat(all).extracting(HardwareEvent::id).doesNotHaveDuplicates();
            assertThat(all.getLast().message()).isNotBlank();
            assertThat(log.events(ref, 1)).containsExactly(all.getLast());
        }
    }

    @Test
    default void readsTheLogOfNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            EventLog log = ours.capability(EventLog.class);
            for (InstanceRef ref : List.of(made(theirs), new InstanceRef("no-such-instance"))) {
                assertRefused(ProviderCode.NOT_FOUND, () -> log.events(ref, 10));
            }
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
