package dev.formwork.server.tls;

import io.micronaut.http.ssl.CertificateProvider;

import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Sinks;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The certificate of this engine's door under the CA, for as long as the door is open. Another one
/// is issued in time: connections that stand go on under the old one, those that come get the new
/// one. Its key is made with it and is kept nowhere. One thread; thread-safe.
public final class ServerCertificate implements CertificateProvider, AutoCloseable {
    /// By which the web framework finds it.
    public static final String NAME = "engine";

    static final Duration LIFE = Duration.ofDays(90);

    /// The age at which the next one is issued: a month is left, should that fail.
    static final Duration RENEWAL = Duration.ofDays(60);

    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

    /// How often the clock is looked at. A host may sleep for months, so nothing is waited for by
    /// the duration.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final EngineCa ca;
    private final List<String> names;
    private final Clock clock;
    private final Sinks.Many<KeyStore> issued = Sinks.many().replay().latest();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Instant due = Instant.MIN;

    /// Issues the first.
    ///
    /// @throws dev.formwork.model.ProblemException `store.*`
    public ServerCertificate(EngineCa ca, TlsAddress address, Clock clock) {
        this.ca = ca;
        this.names = address.certificateNames();
        this.clock = clock;
        issueIfDue();
        this.thread = Thread.ofVirtual().name("certificate").start(this::keep);
    }

    /// All that it is called: nothing else is in a `Host` header.
    public List<String> names() {
        return names;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Publisher<KeyStore> getKeyStore() {
        return issued.asFlux();
    }

    private void keep() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    issueIfDue();
                } catch (RuntimeException e) {
                    // There is a month left, and the next look is soon.
                    LOG.warn("the certificate of this engine could not be renewed", e);
                    due = clock.instant().plus(Duration.ofHours(1));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void issueIfDue() {
        Instant now = clock.instant();
        if (now.isBefore(due)) {
            return;
        }
        Authority authority = ca.authority();
        Issuing.Issued fresh = Issuing.server(authority, names, now, LIFE);
        issued.tryEmitNext(store(fresh, authority)).orThrow();
        due = now.plus(RENEWAL);
        LOG.info(
                "this engine's certificate is for {}, until {}",
                names,
                fresh.certificate().getNotAfter().toInstant());
    }

    /// For the process alone: never written, so its password protects nothing.
    private static KeyStore store(Issuing.Issued fresh, Authority authority) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(
                    NAME,
                    fresh.key(),
                    null,
                    new X509Certificate[] {fresh.certificate(), authority.certificate()});
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has PKCS #12", e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
