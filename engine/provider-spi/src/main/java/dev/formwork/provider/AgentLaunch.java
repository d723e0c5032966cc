package dev.formwork.provider;

import java.nio.file.Path;
import java.util.List;

/// How an agent is started on the engine's own host.
///
/// @param command the program, as an absolute path, and its arguments; run without a shell
public record AgentLaunch(List<String> command) {
    public AgentLaunch {
        command = List.copyOf(command);
        if (command.isEmpty() || !Path.of(command.getFirst()).isAbsolute()) {
            throw new IllegalArgumentException("an agent starts by an absolute path: " + command);
        }
    }

    /// `java -cp <directory>/* dev.formwork.agent.Main`, in a JVM made small: many of them share a
    /// host.
    ///
    /// @param java the `java` executable
    /// @param directory where the jars of agents/host are
    public static AgentLaunch java(Path java, Path directory) {
        return new AgentLaunch(
                List.of(
                        java.toAbsolutePath().toString(),
                        "-Xmx96m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        directory.toAbsolutePath().resolve("*").toString(),
                        "dev.formwork.agent.Main"));
    }
}
