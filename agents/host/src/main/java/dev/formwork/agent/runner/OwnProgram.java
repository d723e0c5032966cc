package dev.formwork.agent.runner;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The programs that come with the agent, in Java: what runs the agent runs them.
public final class OwnProgram {
    private OwnProgram() {}

    /// The command for one.
    ///
    /// @param main has the method `main`
    /// @param heap at most, in MiB
    public static List<String> command(Class<?> main, int heap, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx" + heap + "m",
                                "-cp",
                                classPath(),
                                main.getName()));
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    /// Of the agent, which may have been started in another folder than the program will be.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
