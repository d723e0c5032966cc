package dev.formwork.system;

import dev.formwork.testkit.ProcessTree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that is run to its end.
record Command(int status, String output) {
    /// @param patience after which it is ended, with status 124
    static Command run(Duration patience, List<String> command) {
        try {
            Path output = Files.createTempFile("formwork-command", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    ProcessTree.kill(process.toHandle());
                }
                return new Command(
                        ended ? process.exitValue() : 124,
                        Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// What it printed, where it ended well.
    String orThrow() {
        if (status != 0) {
            throw new AssertionError("status " + status + ": " + output);
        }
        return output;
    }
}
