package dev.formwork.agent.runner;

import java.util.List;

/// Executes a script with `python3`, unbuffered, so that its log is seen as it is written.
public final class PythonRunner implements Runner {
    @Override
    public String name() {
        return "python";
    }

    @Override
    public List<String> command(Launch launch) throws RunnerException {
        Programs.need("python3", "install it, or use the runner shell");
        return List.of("python3", "-u", launch.script().toString());
    }
}
