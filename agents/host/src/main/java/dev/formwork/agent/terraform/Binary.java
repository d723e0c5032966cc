package dev.formwork.agent.terraform;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The program `terraform` or `tofu`, run in the folder of a configuration, without anybody to ask.
/// One thread runs it; any may say that it is to run no more.
final class Binary {
    private static final ProcessBuilder.Redirect NOTHING =
            ProcessBuilder.Redirect.from(new File("/dev/null"));

    private final String program;
    private final Path folder;
    private final Map<String, String> environment;
    private boolean ending;

    /// @param environment on top of this process's own
    Binary(String program, Path folder, Map<String, String> environment) {
        this.program = program;
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    String program() {
        return program;
    }

    /// What runs goes on: it was told to end as this process was, and a second signal would keep it
    /// from releasing its lock.
    synchronized void startNoMore() {
        ending = true;
    }

    /// Runs a command.
    ///
    /// @param lines takes what it writes
    /// @return its exit code
    /// @throws InterruptedIOException where it is to run no more
    int run(Consumer<String> lines, List<String> arguments)
            throws IOException, InterruptedException {
        Process process = start(builder(arguments).redirectErrorStream(true));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        }
        return process.waitFor();
    }

    /// What a command answers; what it complains of goes to the log.
    ///
    /// @throws InterruptedIOException where it is to run no more
    byte[] answer(List<String> arguments)
            throws IOException, InterruptedException, TerraformException {
        Process process = start(builder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT));
        byte[] answer = process.getInputStream().readAllBytes();
        int code = process.waitFor();
        if (code != 0) {
            throw new TerraformException(
                    "terraform.bad-answer",
                    program + " " + arguments.getFirst() + " ended with " + code);
        }
        return answer;
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectInput(NOTHING);
        // What is on the machine by chance is in no fingerprint.
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("TF_CLI_ARGS")
                                || name.startsWith("TF_VAR_")
                                || name.equals("TF_WORKSPACE"));
        builder.environment().putAll(environment);
        return builder;
    }

    private synchronized Process start(ProcessBuilder builder) throws IOException {
        if (ending) {
            throw new InterruptedIOException("the job is to end");
        }
        return builder.start();
    }
}
