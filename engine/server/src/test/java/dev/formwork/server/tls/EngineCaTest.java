package dev.formwork.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

class EngineCaTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-21T09:00:00Z"), ZoneOffset.UTC);

    private final InMemoryStore store = new InMemoryStore();

    @Test
    void isMadeWhenItIsAskedForAndStaysTheSame() {
        EngineCa first = ca(store, 1);
        assertThat(first.ifMade()).isEmpty();
        String fingerprint = first.authority().fingerprint();

        assertThat(first.ifMade()).map(Authority::fingerprint).contains(fingerprint);
        assertThat(ca(store.reopened(), 1).authority().fingerprint()).isEqualTo(fingerprint);
    }

    @Test
    void isOneForAllEnginesOfTheStore() {
        EngineCa first = ca(store, 1);
        EngineCa second = ca(store, 1);
        assertThat(second.ifMade()).isEmpty();
        String fingerprint = first.authority().fingerprint();
        assertThat(second.authority().fingerprint()).isEqualTo(fingerprint);
    }

    @Test
    void isStoredSealed() {
        Authority authority = ca(store, 1).authority();
        String stored = store.setting("tls.ca").orElseThrow();

        assertThat(stored).startsWith("fw1.");
        for (String line :
                new String(authority.encode(), StandardCharsets.US_ASCII).split("\n", -1)) {
            assertThat(stored).doesNotContain(line.substring(0, 32));
        }
    }

    @Test
    void opensUnderTheEnginesKeyOnly() {
        ca(store, 1).authority();
        assertThatThrownBy(() -> ca(store, 2).authority())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.bad-key"));
    }

    private static EngineCa ca(Store store, int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new EngineCa(store, new SecretSealer(bytes), new EngineId("e-1"), CLOCK);
    }
}
