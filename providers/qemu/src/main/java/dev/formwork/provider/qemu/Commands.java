package dev.formwork.provider.qemu;

import dev.formwork.provider.ProviderCode;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs short programs of the host.
///
/// @param path the PATH
record Commands(String path) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// @param output what it printed, on both streams
    record Ended(int status, String output) {
        boolean well() {
            return status == 0;
        }
    }

    /// Runs a program and waits for its end. It prints little: its output is read afterwards.
    Ended run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        Process process = builder.start();
        await(process, String.join(" ", command));
        try (var output = process.getInputStream()) {
            return new Ended(
                    process.exitValue(),
                    new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    /// Waits for the end of a process; ends it when that takes too long or we are interrupted.
    static void await(Process process, String what) {
        try {
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted during: " + what, "ask again under the same token", interrupted);
        }
        process.destroyForcibly();
        throw ProviderCode.TIMEOUT.problem(what + " does not end", "see why, with ps and dmesg");
    }
}
