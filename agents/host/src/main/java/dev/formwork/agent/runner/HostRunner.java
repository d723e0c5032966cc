package dev.formwork.agent.runner;

import dev.formwork.agent.transport.UnwantedException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Executes scripts on a host whose folder is laid out as one here: finds the command with the copy
/// here, and calls all files in it what they are called there.
final class HostRunner implements Runner {
    private final Runner runner;
    private final String here;
    private final String modules;
    private final String there;

    HostRunner(Runner runner, Path here, Path modules, Path there) {
        this.runner = runner;
        this.modules = modules + "/";
        this.here = here + "/";
        this.there = there + "/";
    }

    @Override
    public String name() {
        return runner.name();
    }

    @Override
    public List<String> command(Launch launch)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        return runner.command(launch).stream().map(this::there).toList();
    }

    private String there(String word) {
        return word.replace(modules, there + "modules/").replace(here, there);
    }
}
