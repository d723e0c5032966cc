package dev.formwork.provider.redfish.client;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Which certificates a service may show. There is no kind that trusts any.
public sealed interface Trust {
    /// One of these certificates, whatever is written in it: of a management controller neither
    /// name nor dates are usually right, and whoever pins it has looked at it.
    ///
    /// @param sha256 fingerprints of certificates, 64 hexadecimal digits each, lower case; at least
    ///   one
    record Pinned(List<String> sha256) implements Trust {
        public Pinned {
            sha256 = List.copyOf(sha256);
        }
    }

    /// One that leads to one of these authorities, with the name or address of the service in it.
    ///
    /// @param authorities at least one
    record SignedBy(List<X509Certificate> authorities) implements Trust {
        public SignedBy {
            authorities = List.copyOf(authorities);
        }

        /// @param pem certificates
        /// @throws CertificateException where there is none in it
        public static SignedBy pem(String pem) throws CertificateException {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new CertificateException("there is no certificate in it");
            }
            return new SignedBy(found);
        }
    }

    /// None: every certificate is refused, with its fingerprint in the refusal.
    record None() implements Trust {}

    /// A fingerprint as people write it, with or without colons, in any case.
    ///
    /// @return as [Pinned] wants it; empty where it is none
    static Optional<String> fingerprint(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT).replace(":", "");
        return plain.matches("[0-9a-f]{64}") ? Optional.of(plain) : Optional.empty();
    }

    /// SHA-256 of a certificate.
    static String fingerprint(Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new CertificateException(impossible);
        }
    }

    /// Refuses what is not trusted.
    ///
    /// @throws UntrustedException always, where it is refused
    default void check(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        String shown = fingerprint(chain[0]);
        switch (this) {
            case Pinned(List<String> sha256) -> {
                if (!sha256.contains(shown)) {
                    throw new UntrustedException(shown, "it is not the one that is pinned", null);
                }
            }
            case SignedBy(List<X509Certificate> authorities) -> {
                try {
                    managerOf(authorities).checkServerTrusted(chain, type, engine);
                } catch (CertificateException refused) {
                    throw new UntrustedException(
                            shown, Resource.clean(String.valueOf(refused.getMessage())), refused);
                }
            }
            case None() -> throw new UntrustedException(shown, "nothing says that it is", null);
        }
    }

    private static X509ExtendedTrustManager managerOf(List<X509Certificate> authorities)
            throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca-" + i, authorities.get(i));
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager manager) {
                    return manager;
                }
            }
            throw new CertificateException("this Java cannot check certificates");
        } catch (GeneralSecurityException | IOException failed) {
            throw new CertificateException(failed);
        }
    }

    /// A certificate that is not trusted.
    final class UntrustedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final String fingerprint;

        UntrustedException(String fingerprint, String reason, @Nullable Throwable cause) {
            super(reason, cause);
            this.fingerprint = fingerprint;
        }

        String fingerprint() {
            return fingerprint;
        }
    }
}
