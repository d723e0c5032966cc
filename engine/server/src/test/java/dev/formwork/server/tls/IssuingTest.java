package dev.formwork.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

class IssuingTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final Duration LIFE = Duration.ofDays(90);
    private static final int KEY_CERT_SIGN = 5;
    private static final int DIGITAL_SIGNATURE = 0;

    private final Authority ca = Issuing.authority("Formwork CA e-1", NOW);

    @Test
    void aCaSignsServersForTenYearsAndNoOtherCa() {
        X509Certificate certificate = ca.certificate();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Formwork CA e-1");
        assertThat(certificate.getBasicConstraints()).as("signs no CA").isZero();
        assertThat(certificate.getKeyUsage()[KEY_CERT_SIGN]).isTrue();
        assertThat(certificate.getKeyUsage()[DIGITAL_SIGNATURE]).isFalse();
        assertThat(certificate.getCriticalExtensionOIDs())
                .containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofDays(1)));
        assertThat(certificate.getNotAfter().toInstant())
                .isBetween(NOW.plus(Duration.ofDays(3_650)), NOW.plus(Duration.ofDays(3_660)));
        assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
                .isEqualTo(256);
    }

    @Test
    void aServersCertificateIsForItsNamesAndNothingElse() throws Exception {
        Issuing.Issued issued = issue("engine.example", "10.0.2.2", "::1");
        X509Certificate certificate = issued.certificate();
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> name.get(0) + " " + name.get(1))
                .containsExactly("2 engine.example", "7 10.0.2.2", "7 0:0:0:0:0:0:0:1");
        assertThat(certificate.getBasicConstraints()).as("no CA").isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getKeyUsage()[DIGITAL_SIGNATURE]).isTrue();
        assertThat(certificate.getKeyUsage()[KEY_CERT_SIGN]).isFalse();
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(LIFE));
        assertThat(certificate.getSerialNumber()).isPositive();
        assertThat(issue("a").certificate().getSerialNumber())
                .isNotEqualTo(certificate.getSerialNumber());
        assertThat(issue("a").key()).isNotEqualTo(issued.key());
    }

    @Test
    void isBelievedUnderItsCaAlone() throws Exception {
        X509Certificate certificate = issue("engine.example").certificate();
        validate(ca, certificate);
        Authority other = Issuing.authority("Formwork CA e-1", NOW);
        assertThatThrownBy(() -> validate(other, certificate))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void nobodyWithAServersKeyIsACa() throws Exception {
        Issuing.Issued server = issue("engine.example");
        X509Certificate forged =
                Issuing.server(
                                new Authority(server.certificate(), server.key()),
                                List.of("other.example"),
                                NOW,
                                LIFE)
                        .certificate();
        assertThatThrownBy(() -> validate(ca, forged, server.certificate()))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void isTheSameWhenItWasWrittenAndRead() throws Exception {
        Authority read = Authority.decode(ca.encode());
        assertThat(read.certificate()).isEqualTo(ca.certificate());
        assertThat(read.key()).isEqualTo(ca.key());
        assertThat(read.pem()).isEqualTo(ca.pem());
        assertThat(read.fingerprint()).isEqualTo(ca.fingerprint()).matches("[0-9a-f]{64}");
    }

    private Issuing.Issued issue(String... names) {
        return Issuing.server(ca, List.of(names), NOW, LIFE);
    }

    private static void validate(Authority trusted, X509Certificate... chain)
            throws GeneralSecurityException {
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(trusted.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain)),
                        parameters);
    }
}
