package dev.formwork.server.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// A CA: its certificate, which everybody may have, and its key, which nobody gets.
public final class Authority {
    private final X509Certificate certificate;
    private final PrivateKey key;

    Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /// The certificate, as files hold it (RFC 7468).
    public String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /// SHA-256 of the certificate, in lower-case hex: what people compare.
    public String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Both, for [#decode]: to be sealed.
    byte[] encode() {
        Base64.Encoder base64 = Base64.getEncoder();
        return (base64.encodeToString(encoded()) + "\n" + base64.encodeToString(key.getEncoded()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Authority decode(byte[] encoded) throws GeneralSecurityException {
        String[] parts = new String(encoded, StandardCharsets.US_ASCII).split("\n", -1);
        byte[] certificate = Base64.getDecoder().decode(parts[0]);
        byte[] key = Base64.getDecoder().decode(parts[1]);
        return new Authority(
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(certificate)),
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
    }

    private byte[] encoded() {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was read from bytes", e);
        }
    }

    @Override
    public String toString() {
        return certificate.getSubjectX500Principal() + " sha256:" + fingerprint();
    }
}
