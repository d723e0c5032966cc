package dev.formwork.agent.runner;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Executes a script with the interpreter that its `#!` line names, or `sh` where it has none. Does
/// what the kernel would do, but also where the file system forbids execution.
public final class ShellRunner implements Runner {
    private static final int LONGEST_LINE = 256;

    @Override
    public String name() {
        return "shell";
    }

    @Override
    public List<String> command(Launch launch) throws IOException {
        List<String> command = new ArrayList<>(interpreter(launch.script()));
        command.add(launch.script().toString());
        return List.copyOf(command);
    }

    /// What is to execute a script, by its first line.
    public static List<String> interpreter(Path script) throws IOException {
        return interpreter(firstLine(script));
    }

    /// As Linux does: the interpreter, and all that follows it as one argument.
    static List<String> interpreter(String firstLine) {
        if (!firstLine.startsWith("#!")) {
            return List.of("sh");
        }
        String[] words = firstLine.substring(2).strip().split("[ \t]+", 2);
        if (words[0].isEmpty()) {
            return List.of("sh");
        }
        return words.length == 1 ? List.of(words[0]) : List.of(words[0], words[1]);
    }

    private static String firstLine(Path script) throws IOException {
        try (InputStream in = Files.newInputStream(script)) {
            String start = new String(in.readNBytes(LONGEST_LINE), StandardCharsets.UTF_8);
            int end = start.indexOf('\n');
            return end < 0 ? start : start.substring(0, end);
        }
    }
}
