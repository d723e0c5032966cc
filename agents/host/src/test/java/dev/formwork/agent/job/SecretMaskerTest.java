package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

final class SecretMaskerTest {
    @Test
    void hidesASecretWhereverChunksSplitIt() {
        for (int split = 0; split <= "a hunter2 b".length(); split++) {
            String text = "a hunter2 b";
            assertThat(masked(List.of("hunter2"), text.substring(0, split), text.substring(split)))
                    .isEqualTo("a *** b");
        }
    }

    @Test
    void keepsBackOnlyWhatCouldBecomeASecret() {
        SecretMasker masker = masker(List.of("hunter2"));

        assertThat(text(masker.mask(bytes("so hunt"), 7))).isEqualTo("so ");
        assertThat(text(masker.mask(bytes("ing"), 3))).isEqualTo("hunting");
        assertThat(text(masker.finish())).isEmpty();
    }

    @Test
    void showsTheStartOfASecretThatTheStreamEndsIn() {
        assertThat(masked(List.of("hunter2"), "so hunt")).isEqualTo("so hunt");
    }

    @Test
    void hidesEveryByteOfSecretsThatOverlap() {
        assertThat(masked(List.of("abcd", "cdef"), "xabcdefx")).isEqualTo("x***x");
        assertThat(masked(List.of("abc", "abcde"), "abcd abcde")).isEqualTo("***d ***");
        assertThat(masked(List.of("aa"), "aaaaa b")).isEqualTo("*** b");
    }

    @Test
    void hidesSecretsOfSeveralLines() {
        assertThat(masked(List.of("one\ntwo"), "x one\n", "two y")).isEqualTo("x *** y");
    }

    @Test
    void letsAllThroughWhereThereIsNoSecret() {
        assertThat(masked(List.of(), "abc")).isEqualTo("abc");
        assertThat(masked(List.of(""), "abc")).isEqualTo("abc");
    }

    @Property
    void doesNotDependOnTheChunks(
            @ForAll("secrets") List<String> secrets, @ForAll("chunks") List<String> chunks) {
        assertThat(masked(secrets, chunks.toArray(String[]::new)))
                .isEqualTo(masked(secrets, String.join("", chunks)));
    }

    @Property
    void hidesExactlyTheBytesOfSecrets(
            @ForAll("secrets") List<String> secrets, @ForAll("chunks") List<String> chunks) {
        String text = String.join("", chunks);

        assertThat(masked(secrets, chunks.toArray(String[]::new))).isEqualTo(slowly(secrets, text));
    }

    /// The plain way to do it.
    private static String slowly(List<String> secrets, String text) {
        boolean[] hidden = new boolean[text.length()];
        for (String secret : secrets) {
            for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
                for (int i = 0; i < secret.length(); i++) {
                    hidden[at + i] = true;
                }
            }
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < hidden.length; i++) {
            if (!hidden[i]) {
                shown.append(text.charAt(i));
            } else if (i == 0 || !hidden[i - 1]) {
                shown.append("***");
            }
        }
        return shown.toString();
    }

    @Provide
    Arbitrary<List<String>> secrets() {
        return Arbitraries.strings()
                .withChars("ab\n")
                .ofMinLength(1)
                .ofMaxLength(6)
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> chunks() {
        return Arbitraries.strings().withChars("abc\n").ofMaxLength(12).list().ofMaxSize(6);
    }

    private static String masked(List<String> secrets, String... chunks) {
        SecretMasker masker = masker(secrets);
        StringBuilder shown = new StringBuilder();
        for (String chunk : chunks) {
            shown.append(text(masker.mask(bytes(chunk), chunk.length())));
        }
        return shown.append(text(masker.finish())).toString();
    }

    private static SecretMasker masker(List<String> secrets) {
        return new SecretMasker(secrets.stream().map(SecretMaskerTest::bytes).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
