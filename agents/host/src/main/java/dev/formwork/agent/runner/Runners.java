package dev.formwork.agent.runner;

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

    /// Those on the class path.
    public static Runners load() {
        return new Runners(ServiceLoader.load(Runner.class));
    }

    /// The runner of that name.
    public Runner named(String name) throws RunnerMissingException {
        Runner runner = byName.get(name);
        if (runner == null) {
            throw new RunnerMissingException(
                    "agent.runner-unknown",
                    "this agent has no runner \""
                            + name
                            + "\"; it has "
                            + byName.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return runner;
    }
}
