package dev.formwork.agent.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The runners of this agent, by name. Thread-safe.
public final class Runners {
    /// Where programs are looked for if nobody says: an agent that init starts may have no `PATH`.
    public static final String DEFAULT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Map<String, Runner> byName;

    /// @throws IllegalStateException where two have one name
    public Runners(Iterable<Runner> runners) {
        this.byName =
                StreamSupport.stream(runners.spliterator(), false)
                        .collect(Collectors.toUnmodifiableMap(Runner::name, runner -> runner));
    }

    /// Those on the class path, and others.
    public static Runners load(Runner... others) {
        List<Runner> all = new ArrayList<>(List.of(others));
        ServiceLoader.load(Runner.class).forEach(all::add);
        return new Runners(all);
    }

    /// Those that take nothing but their interpreter on the host: `shell` and `python`.
    ///
    /// @param here the agent's folder on this machine
    /// @param modules the folder of modules on this machine
    /// @param there the machine's folder on the host
    public static Runners onHost(Path here, Path modules, Path there) {
        return new Runners(
                List.of(
                        new HostRunner(new ShellRunner(), here, modules, there),
                        new HostRunner(PythonRunner.elsewhere(), here, modules, there)));
    }

    /// The runner of that name.
    public Runner named(String name) throws RunnerException {
        Runner runner = byName.get(name);
        if (runner == null) {
            throw new RunnerException(
                    "agent.runner-unknown",
                    "this agent has no runner \""
                            + name
                            + "\"; it has "
                            + byName.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return runner;
    }
}
