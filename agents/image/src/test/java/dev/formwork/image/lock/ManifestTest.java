package dev.formwork.image.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ManifestTest {
    private static final LockedPackage CRUN =
            new LockedPackage(
                    "crun",
                    "1:1.8.1-1+deb12u1",
                    "amd64",
                    "pool/main/c/crun/crun_1.8.1-1+deb12u1_amd64.deb",
                    "ab".repeat(32),
                    289288);

    @Test
    void readsWhatItWrites() {
        Manifest manifest = new Manifest("amd64", List.of(CRUN));

        assertThat(Manifest.parse(manifest.text(), "test")).isEqualTo(manifest);
        assertThat(manifest.named("crun")).contains(CRUN);
        assertThat(manifest.named("runc")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pool/main, /etc/main",
        "abab, ABAB",
        "formwork-image/1, formwork-image/2",
        "289288, many",
        "size: 289288, colour: 1",
        "name: crun, name: -o",
        "1:1.8.1, $(id)"
    })
    void refusesWhatIsNoLockedPackage(String part, String instead) {
        String text =
                new Manifest("amd64", List.of(CRUN))
                        .text()
                        .replaceFirst(
                                java.util.regex.Pattern.quote(part),
                                java.util.regex.Matcher.quoteReplacement(instead));

        assertThatThrownBy(() -> Manifest.parse(text, "test"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("image.bad-manifest");
    }
}
