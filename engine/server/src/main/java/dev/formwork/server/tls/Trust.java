package dev.formwork.server.tls;

import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whom a client of engines trusts: certain CAs, and no others.
public final class Trust {
    private Trust() {}

    /// @param file CA certificates in PEM
    /// @throws ProblemException `tls.bad-ca-file`
    public static SSLContext inFile(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (found.isEmpty()) {
                throw badFile(file, "it holds no certificate");
            }
            return in(found);
        } catch (IOException | GeneralSecurityException e) {
            throw badFile(file, e.toString());
        }
    }

    /// The CA of engines.
    public static SSLContext in(Authority ca) {
        return in(List.of(ca.certificate()));
    }

    private static SSLContext in(Collection<? extends Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has these", e);
        }
    }

    private static ProblemException badFile(Path file, String why) {
        return ProblemException.of(
                "tls.bad-ca-file",
                "cannot read the CA's certificate from " + file + ": " + why,
                "`formwork ca` on the engine's host prints it");
    }
}
