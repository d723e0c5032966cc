package dev.formwork.agent.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Executes a script with the Python that its `#!` line names, or `python3`: unbuffered, so that
/// its log is seen as it is written, with texts in UTF-8, and with what the module's folder holds
/// to be imported.
public final class PythonRunner implements Runner {
    /// Where a module keeps packages of others, as `pip install --target` puts them.
    static final String PACKAGES = "site-packages";

    private final boolean isHere;

    /// On this machine.
    public PythonRunner() {
        this(true);
    }

    private PythonRunner(boolean isHere) {
        this.isHere = isHere;
    }

    /// On another, whose programs are not looked for beforehand.
    static PythonRunner elsewhere() {
        return new PythonRunner(false);
    }

    @Override
    public String name() {
        return "python";
    }

    @Override
    public List<String> command(Launch launch) throws IOException, RunnerException {
        List<String> interpreter = ShellRunner.interpreter(launch.script());
        boolean named = interpreter.stream().anyMatch(word -> word.contains("python"));
        if (isHere && !named) {
            Programs.need("python3", "install it, or use the runner shell");
        } else if (isHere && interpreter.getFirst().startsWith("/")) {
            Programs.need(Path.of(interpreter.getFirst()));
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "PYTHONPATH=" + path(launch),
                                "PYTHONUNBUFFERED=1",
                                "PYTHONUTF8=1",
                                // The module's folder stays as it is.
                                "PYTHONDONTWRITEBYTECODE=1"));
        command.addAll(named ? interpreter : List.of("python3"));
        command.add(launch.script().toString());
        return List.copyOf(command);
    }

    private static String path(Launch launch) {
        String own = launch.module() + ":" + launch.module().resolve(PACKAGES);
        String machines = launch.environment().getOrDefault("PYTHONPATH", "");
        return machines.isEmpty() ? own : own + ":" + machines;
    }
}
