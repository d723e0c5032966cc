package dev.formwork.model.module;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A module that does one thing, on one machine or on the engine.
///
/// @param runner what executes the scripts: `shell` (default), `python`, ...
/// @param container what they are executed in, where the runner is `container`
/// @param ansible how its playbooks are run, where the runner is `ansible`
/// @param terraform how its configuration is applied, where the runner is `terraform`
/// @param check exits 0 where the machine already is as wanted, 1 where it is not; read-only
/// @param timeout of one attempt, from its start on the machine
public record Task(
        Header header,
        Map<String, InputSpec> inputs,
        Map<String, OutputSpec> outputs,
        Set<Effect> effects,
        Repeat repeat,
        String runner,
        Optional<Container> container,
        Optional<Ansible> ansible,
        Optional<Terraform> terraform,
        Script run,
        Optional<Script> check,
        Optional<Script> undo,
        Duration timeout)
        implements Module {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    public Task {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        effects = Set.copyOf(effects);
    }
}
