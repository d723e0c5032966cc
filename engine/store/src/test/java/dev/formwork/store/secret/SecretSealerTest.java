package dev.formwork.store.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class SecretSealerTest {
    private static final SecretSealer SEALER = new SecretSealer(new byte[32]);

    @Property(tries = 200)
    void opensWhatItSealed(@ForAll byte[] plain, @ForAll String place) {
        assertThat(SEALER.open(SEALER.seal(plain, place), place)).isEqualTo(plain);
    }

    @Property(tries = 200)
    void opensNothingElse(@ForAll String hostile) {
        assertRefused(() -> SEALER.open(hostile, "here"));
    }

    @Test
    void opensNothingOfAnotherPlace() {
        String sealed = SEALER.seal(bytes("secret"), "jobs/J1");
        assertRefused(() -> SEALER.open(sealed, "jobs/J2"));
    }

    @Test
    void opensNothingThatWasChanged() {
        String sealed = SEALER.seal(bytes("secret"), "p");
        for (int i = 0; i < sealed.length(); i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            if (i < sealed.length() - 1) {
                assertRefused(() -> SEALER.open(changed, "p"));
            }
        }
    }

    @Test
    void sealsTheSameDifferentlyEachTime() {
        assertThat(SEALER.seal(bytes("secret"), "p"))
                .startsWith("fw1." + SEALER.keyId() + ".")
                .isNotEqualTo(SEALER.seal(bytes("secret"), "p"));
    }

    @Test
    void macsDependOnTheKey() {
        byte[] other = new byte[32];
        other[0] = 1;
        assertThat(SEALER.mac(bytes("a")))
                .hasSize(32)
                .isEqualTo(new SecretSealer(new byte[32]).mac(bytes("a")))
                .isNotEqualTo(SEALER.mac(bytes("b")))
                .isNotEqualTo(new SecretSealer(other).mac(bytes("a")));
    }

    @Test
    void makesAKeyOnceForItsOwnerOnly(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("secret.key");
        SecretSealer first = SecretSealer.fromFile(file);

        assertThat(Files.readAllBytes(file)).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SecretSealer.fromFile(file).keyId()).isEqualTo(first.keyId());
        assertThat(directory).isDirectoryNotContaining(each -> !each.equals(file));
    }

    @Test
    void refusesAFileThatHoldsNoKey(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("secret.key");
        Files.write(file, new byte[31]);
        assertRefused(() -> SecretSealer.fromFile(file));
    }

    private static void assertRefused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.bad-key"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
