package dev.formwork.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.math.BigInteger;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

class ServerCertificateTest {
    private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

    private final SettableClock clock = new SettableClock(START);
    private final EngineCa ca =
            new EngineCa(
                    new InMemoryStore(),
                    new SecretSealer(new byte[32]),
                    new EngineId("e-1"),
                    clock);

    @Test
    void isRenewedAMonthBeforeItEndsAndUnderTheSameCa() {
        TlsAddress address = TlsAddress.parse("192.0.2.1").withNames(List.of("engine.example"));
        try (ServerCertificate certificate = new ServerCertificate(ca, address, clock)) {
            Iterator<KeyStore> issued =
                    Flux.from(certificate.getKeyStore()).toIterable().iterator();
            X509Certificate first = certificate(issued.next(), 0);
            assertThat(first.getNotAfter().toInstant())
                    .isEqualTo(START.plus(ServerCertificate.LIFE));
            assertThat(certificate.names()).startsWith("engine.example", "192.0.2.1");

            clock.set(START.plus(ServerCertificate.RENEWAL));
            KeyStore next = issued.next();

            X509Certificate second = certificate(next, 0);
            assertThat(second.getNotAfter().toInstant())
                    .isEqualTo(START.plus(ServerCertificate.RENEWAL).plus(ServerCertificate.LIFE));
            assertThat(serial(second)).isNotEqualTo(serial(first));
            assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
            assertThat(certificate(next, 1)).isEqualTo(ca.authority().certificate());
            assertThat(first.getNotAfter().toInstant())
                    .as("what is left, should the engine be down")
                    .isEqualTo(clock.instant().plus(Duration.ofDays(30)));
        }
    }

    private static BigInteger serial(X509Certificate certificate) {
        return certificate.getSerialNumber();
    }

    private static X509Certificate certificate(KeyStore keys, int place) {
        try {
            return (X509Certificate) keys.getCertificateChain(ServerCertificate.NAME)[place];
        } catch (KeyStoreException e) {
            throw new IllegalStateException(e);
        }
    }
}
