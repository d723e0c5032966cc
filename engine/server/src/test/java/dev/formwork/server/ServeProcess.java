package dev.formwork.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// An engine in a process of its own, to be killed.
final class ServeProcess implements AutoCloseable {
    private final Process process;

    private ServeProcess(Process process) {
        this.process = process;
    }

    /// Serves until it is told to stop.
    ///
    /// @param arguments the data directory and the pack's
    public static void main(String[] arguments) {
        EngineServer.serve(
                ServeConfig.of(
                                Path.of(arguments[0]),
                                List.of(Path.of(arguments[1])),
                                TestEngine.agent(),
                                "test")
                        .withPort(0)
                        .withConsole(false),
                System.out);
    }

    /// Starts it, and returns when it is ready.
    static ServeProcess start(Path data, Path pack) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ServeProcess.class.getName(),
                                data.toString(),
                                pack.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("formwork is ready at http://127.0.0.1:")) {
            throw new AssertionError("not ready: " + line);
        }
        return new ServeProcess(process);
    }

    /// As `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// As `kill`; its exit code.
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
