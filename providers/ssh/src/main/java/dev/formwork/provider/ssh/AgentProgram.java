package dev.formwork.provider.ssh;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.ssh.connection.Upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The agent as it is started on a host: what an [AgentLaunch] names on the engine's own host goes
/// along. An argument `<directory>/*` takes the files of the directory with it, an argument or a
/// variable that is an absolute path of a file takes that file; a program called `java` stands for
/// the Java of the host. All else stays as it is.
///
/// @param isJava whether the program is the host's Java
/// @param program the program, where it is another one
/// @param arguments behind it
/// @param environment variables for the agent
/// @param parcel what goes along
record AgentProgram(
        boolean isJava,
        String program,
        List<Word> arguments,
        Map<String, Word> environment,
        Parcel parcel) {

    /// A text, or a path in what goes along.
    record Word(String text, boolean goesAlong) {
        String on(String parcel) {
            return goesAlong ? parcel + "/" + text : text;
        }
    }

    AgentProgram {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    static AgentProgram of(AgentLaunch launch) throws IOException {
        List<Upload> files = new ArrayList<>();
        List<Word> arguments = new ArrayList<>();
        List<String> command = launch.command();
        for (int i = 1; i < command.size(); i++) {
            arguments.add(word(command.get(i), "arg-" + i, files));
        }
        Map<String, Word> environment = new TreeMap<>();
        for (Map.Entry<String, String> variable : launch.environment().entrySet()) {
            environment.put(
                    variable.getKey(),
                    word(variable.getValue(), "env-" + variable.getKey(), files));
        }
        String program = command.getFirst();
        return new AgentProgram(
                program.endsWith("/java"), program, arguments, environment, Parcel.of(files));
    }

    private static Word word(String text, String folder, List<Upload> files) throws IOException {
        if (!text.startsWith("/")) {
            return new Word(text, false);
        }
        if (text.endsWith("/*")
                && Files.isDirectory(Path.of(text.substring(0, text.length() - 2)))) {
            try (Stream<Path> children =
                    Files.list(Path.of(text.substring(0, text.length() - 2)))) {
                for (Path child : children.filter(Files::isRegularFile).toList()) {
                    files.add(new Upload(folder + "/" + child.getFileName(), child, false));
                }
            }
            return new Word(folder + "/*", true);
        }
        Path file = Path.of(text);
        if (Files.isRegularFile(file)) {
            String name = folder + "/" + file.getFileName();
            files.add(new Upload(name, file, Files.isExecutable(file)));
            return new Word(name, true);
        }
        return new Word(text, false);
    }
}
