package dev.formwork.agent.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// The certificates, in PEM, under which an engine is trusted, and no others.
public final class CaFile {
    private CaFile() {}

    /// @throws IOException also where the file holds no certificate
    public static SSLSocketFactory trust(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            return context(pem, file.toString()).getSocketFactory();
        }
    }

    /// @param what names it in messages
    /// @throws IOException also where there is no certificate
    public static SSLContext context(InputStream pem, String what) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            if (count == 0) {
                throw new IOException(what + " holds no certificate");
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(what + " can't be read as certificates: " + e.getMessage(), e);
        }
    }
}
