package dev.formwork.provider;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How an agent is started on the engine's own host.
///
/// @param command the program, as an absolute path, and its arguments; run without a shell
/// @param environment what the agent is told beside what the provider tells it, such as
///   `FORMWORK_CA_FILE`; the provider's own variables win
public record AgentLaunch(List<String> command, Map<String, String> environment) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public AgentLaunch(List<String> command) {
        this(command, Map.of());
    }

    public AgentLaunch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        for (String name : environment.keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                throw new IllegalArgumentException("not a variable's name: " + name);
            }
        }
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
