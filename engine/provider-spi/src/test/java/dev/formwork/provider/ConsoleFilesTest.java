package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class ConsoleFilesTest {
    private static final int FULL = 256 * 1024;

    @TempDir private Path folder;

    @Test
    void readsOverTheEndOfAFile() throws IOException {
        write("x".repeat(FULL - 1) + "1", "2345");
        ConsoleFiles files = new ConsoleFiles(folder);

        assertThat(folder.toFile().list()).hasSize(2);
        assertThat(files.read(FULL - 1, 3).text()).isEqualTo("123");
        assertThat(files.read(Long.MAX_VALUE, 3).end()).isEqualTo(FULL + 4);
    }

    @Test
    void keepsTheFullFileBeforeTheNewestAndNoOlderOne() throws IOException {
        String full = "x".repeat(FULL);
        write(full, full, full, "y");

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "console-00000000000000524288", "console-00000000000000786432");
        ConsoleText oldest = new ConsoleFiles(folder).read(0, 1);
        assertThat(oldest.offset()).isEqualTo(2L * FULL);
    }

    @Test
    void aWriterGoesOnBehindWhatIsThere() throws IOException {
        write("one");
        write("two");

        assertThat(new ConsoleFiles(folder).read(0, 100).text()).isEqualTo("onetwo");
    }

    private void write(String... texts) throws IOException {
        try (ConsoleFiles.Writer writer = new ConsoleFiles(folder).writer()) {
            for (String text : texts) {
                writer.append(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
