package dev.formwork.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

final class ModuleBundleTest {
    /// `(printf 'a.txt\0%s\n' $(printf one | sha256sum | cut -c-64); printf 'b/c.txt\0%s\n'
    /// $(printf two | sha256sum | cut -c-64)) | sha256sum`
    private static final String DIGEST =
            "sha256:5649f4a377038d621a6f1beda4ea7b5102ecea2e853648e9cdc56f3f46e992b3";

    @Test
    void isNamedByPathsAndContents() {
        assertThat(bundle("b/c.txt", "two", "a.txt", "one").digest().value()).isEqualTo(DIGEST);
        assertThat(bundle("a.txt", "one", "b/c.txt", "two").digest().value()).isEqualTo(DIGEST);
        assertThat(bundle("a.txt", "one", "b/c.txt", "other").digest().value())
                .isNotEqualTo(DIGEST);
        assertThat(bundle("a.txt", "one", "b/d.txt", "two").digest().value()).isNotEqualTo(DIGEST);
    }

    @Test
    void givesTheSameZipForTheSameFiles() throws IOException {
        assertThat(zip(bundle("b/c.txt", "two", "a.txt", "one")))
                .isEqualTo(zip(bundle("a.txt", "one", "b/c.txt", "two")));
    }

    @Test
    void refusesUnsafePaths() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> bundle("a", "", "../b", ""));
    }

    private static ModuleBundle bundle(String path1, String text1, String path2, String text2) {
        return ModuleBundle.of(
                Map.of(
                        path1,
                        text1.getBytes(StandardCharsets.UTF_8),
                        path2,
                        text2.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] zip(ModuleBundle bundle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.writeZip(out);
        return out.toByteArray();
    }
}
