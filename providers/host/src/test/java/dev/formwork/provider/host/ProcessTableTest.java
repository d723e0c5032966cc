package dev.formwork.provider.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.provider.host.ProcessTable.Entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class ProcessTableTest {
    private static final int PROGRAMS = 1_000;
    private static final String MARK = "FORMWORK_TEST=a mark that stays";

    private final ProcessTable table = new ProcessTable(Path.of("/proc"));

    /// Each program of a process hands its environment on to the next, and the kernel has none for
    /// an instant in between.
    @Test
    void seesTheEnvironmentOfAProcessThatBecomesAnotherProgram(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path script =
                Files.writeString(
                        folder.resolve("again.sh"),
                        "[ $1 = 0 ] || exec /bin/sh $0 $(($1 - 1))\nread -r _\n");
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", script.toString(), Integer.toString(PROGRAMS));
        builder.environment().put("FORMWORK_TEST", "a mark that stays");
        Process process = builder.start();
        try {
            Entry first = marked(process);
            for (int look = 0; look < 4 * PROGRAMS; look++) {
                Optional<Entry> now = table.find(process.pid());
                assertThat(now).hasValueSatisfying(entry -> assertThat(entry.is(first)).isTrue());
                assertThat(now.orElseThrow().has(MARK)).as("look %d", look).isTrue();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(table.find(process.pid())).isEmpty();
    }

    /// Between fork and exec it is still this Java program, without the mark.
    private Entry marked(Process process) {
        while (true) {
            Entry now = table.find(process.pid()).orElseThrow();
            if (now.has(MARK)) {
                return now;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void seesAProcessWithoutAnEnvironment() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/cat");
        builder.environment().clear();
        Process process = builder.start();
        try {
            assertThat(table.find(process.pid())).isPresent();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsThereAndCannotBeReadIsNotGone(@TempDir Path proc) throws IOException {
        Files.createDirectories(proc.resolve("17").resolve("stat"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new ProcessTable(proc).find(17));
        assertThat(new ProcessTable(proc).find(18)).isEmpty();
    }
}
