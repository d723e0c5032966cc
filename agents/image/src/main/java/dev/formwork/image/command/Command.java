package dev.formwork.image.command;

import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One run of a program, with the environment that keeps its words and its work the same
/// everywhere.
public final class Command {
    private static final Map<String, String> PACKAGES =
            Map.of("mksquashfs", "squashfs-tools", "apt-get", "apt", "apt-cache", "apt");

    private Command() {}

    /// @param output what it printed, to both streams
    public record Result(int status, String output) {
        /// The last thing it said.
        public String lastLine() {
            String stripped = output.strip();
            return stripped.substring(stripped.lastIndexOf('\n') + 1);
        }
    }

    /// Writes what a program reads.
    public interface Input {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Runs a program that reads nothing.
    ///
    /// @throws ProblemException `image.tool-missing`
    public static Result run(Path folder, List<String> command) {
        return run(folder, command, null);
    }

    /// Runs a program to its end.
    ///
    /// @throws ProblemException `image.tool-missing`, `image.io`
    public static Result run(Path folder, List<String> command, @Nullable Input input) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().remove("SOURCE_DATE_EPOCH");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.redirectErrorStream(true);
        Process process = start(builder, command.getFirst());
        try {
            Thread writer =
                    Thread.ofVirtual().name("image-input").start(() -> feed(process, input));
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            int status = process.waitFor();
            writer.join();
            return new Result(status, output);
        } catch (IOException e) {
            throw ProblemException.of("image.io", command.getFirst() + ": " + e.getMessage(), null);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw ProblemException.of("image.io", "the build was interrupted", null);
        }
    }

    private static Process start(ProcessBuilder builder, String program) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw ProblemException.of(
                    "image.tool-missing",
                    "the program " + program + " can't be run: " + e.getMessage(),
                    "install it: `apt-get install "
                            + PACKAGES.getOrDefault(program, program)
                            + "`");
        }
    }

    /// A program that ends early says itself why, and what it did not read does not matter.
    private static void feed(Process process, @Nullable Input input) {
        try (OutputStream out = process.getOutputStream()) {
            if (input != null) {
                input.writeTo(out);
            }
        } catch (IOException e) {
            process.destroy();
        }
    }
}
