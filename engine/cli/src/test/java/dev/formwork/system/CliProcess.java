package dev.formwork.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `formwork` as a process of its own, out of the jars as they are packaged: what a person types,
/// with the signals and exit codes that only a process has.
final class CliProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Process process;
    private final Path out;
    private final Path err;

    private CliProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// @param home the data directory of the engine that it finds
    /// @param directory where it runs
    static CliProcess start(Path home, Path directory, String... arguments) {
        return start(List.of(), home, directory, arguments);
    }

    /// @param prefix what runs the command
    static CliProcess start(List<String> prefix, Path home, Path directory, String... arguments) {
        try {
            Path output = Files.createTempDirectory("formwork-cli");
            Path out = output.resolve("out");
            Path err = output.resolve("err");
            List<String> command = new ArrayList<>(prefix);
            // What runs in the background of a shell is deaf to Ctrl-C, and so would its children
            // be.
            command.addAll(List.of("env", "--default-signal=INT"));
            command.addAll(program());
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.directory(directory.toFile());
            builder.redirectOutput(out.toFile());
            builder.redirectError(err.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("FORMWORK_"));
            environment.put("FORMWORK_APP", Checkout.root().toString());
            environment.put("FORMWORK_HOME", home.toString());
            environment.put("FORMWORK_TTY", "");
            return new CliProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs it to its end.
    ///
    /// @return what it printed
    static String run(int exitCode, Path home, Path directory, String... arguments) {
        try (CliProcess cli = start(home, directory, arguments)) {
            cli.awaitEnd(exitCode);
            return cli.out() + cli.err();
        }
    }

    /// Waits for its end, which has to be this.
    void awaitEnd(int exitCode) {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("after " + PATIENCE + " it still runs:\n" + out() + err());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (process.exitValue() != exitCode) {
            throw new AssertionError(
                    "it ended with %d instead of %d:%n%s%s"
                            .formatted(process.exitValue(), exitCode, out(), err()));
        }
    }

    void awaitOutput(String part) {
        Await.until(
                "it prints " + part,
                PATIENCE,
                () -> {
                    if (!process.isAlive() && !out().contains(part)) {
                        throw new AssertionError("it has ended:\n" + out() + err());
                    }
                    return out().contains(part);
                });
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ctrl-C.
    void interrupt() {
        signal("INT");
    }

    void signal(String name) {
        Command.run(Duration.ofSeconds(10), List.of("kill", "-" + name, "" + process.pid()))
                .orThrow();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
            Files.delete(out.resolveSibling(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The program's command line, without arguments.
    static List<String> program() throws IOException {
        return List.of(
                Checkout.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                "dev.formwork.cli.Main");
    }

    private static String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(Checkout.engineJars())) {
            return String.join(
                    ":",
                    jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).sorted().toList());
        }
    }
}
