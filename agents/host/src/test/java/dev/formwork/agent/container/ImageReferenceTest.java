package dev.formwork.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.agent.runner.RunnerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "0a".repeat(32);

    @Test
    void knowsWhereAnImageIs() throws RunnerException {
        assertThat(ImageReference.parse("docker.io/library/alpine:3.20@" + DIGEST, false))
                .isEqualTo(
                        new ImageReference(
                                URI.create("https://registry-1.docker.io"),
                                "library/alpine",
                                "3.20",
                                DIGEST));
        assertThat(ImageReference.parse("http://10.0.0.1:5000/a/b@" + DIGEST, false).wanted())
                .isEqualTo(DIGEST);
        assertThat(ImageReference.parse("r.example.org/a", true))
                .isEqualTo(
                        new ImageReference(
                                URI.create("https://r.example.org"), "a", "latest", null));
    }

    @Test
    void wantsADigestUnlessATagIsAllowed() {
        assertThatThrownBy(() -> ImageReference.parse("docker.io/library/alpine:3.20", false))
                .isInstanceOfSatisfying(
                        RunnerException.class,
                        e -> assertThat(e.code()).isEqualTo("agent.image-not-pinned"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alpine",
                "ftp://a/b",
                "https://a/b",
                "a/b@md5:1",
                "a/b:../../c",
                "a/../b",
                "user@a/b",
                "a/b?c",
                "A/b",
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text, true))
                .isInstanceOfSatisfying(
                        RunnerException.class,
                        e -> assertThat(e.code()).isEqualTo("agent.image-invalid"));
    }
}
