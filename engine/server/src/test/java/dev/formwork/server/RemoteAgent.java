package dev.formwork.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real agent as a process, as if it were on another host.
final class RemoteAgent implements AutoCloseable {
    private final Process process;
    private final Path output;

    private RemoteAgent(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// @param folder for its files
    static Start in(Path folder) {
        return new Start(folder, Map.of());
    }

    /// What it is told.
    record Start(Path folder, Map<String, String> environment) {
        Start engine(URI uri) {
            return with("FORMWORK_ENGINE_URL", uri.toString());
        }

        Start ca(Path file) {
            return with("FORMWORK_CA_FILE", file.toString());
        }

        Start token(String token) {
            try {
                Path file = Files.writeString(folder.resolve("boot-token"), token);
                return with("FORMWORK_BOOT_TOKEN_FILE", file.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Start with(String name, String value) {
            Map<String, String> next = new HashMap<>(environment);
            next.put(name, value);
            return new Start(folder, next);
        }

        RemoteAgent start() throws IOException {
            Path output = folder.resolve("agent.log");
            List<String> command = new ArrayList<>(TestEngine.agent().command());
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> name.startsWith("FORMWORK_"));
            builder.environment()
                    .putAll(
                            Map.of(
                                    "FORMWORK_AGENT_DIR",
                                    folder.resolve("agent").toString(),
                                    "FORMWORK_BOOT_ID",
                                    "boot-1",
                                    "FORMWORK_ADDRESS",
                                    "127.0.0.1",
                                    "FORMWORK_REBOOT_COMMAND",
                                    "exit 1",
                                    "FORMWORK_POWER_OFF_COMMAND",
                                    "exit 1"));
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true);
            builder.redirectOutput(output.toFile());
            return new RemoteAgent(builder.start(), output);
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until it says that it finds no engine.
    void awaitComplaint() {
        Eventually.until(
                () -> output().contains("does not answer"), Duration.ofMinutes(1), this::output);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
