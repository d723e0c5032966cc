package dev.formwork.model.module;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A module that is a graph of steps.
///
/// @param requires interfaces that its steps use; each must be bound where it is used
/// @param groups the groups of machines it works on, by the names its steps use
/// @param steps by name, in the order written; the order has no meaning
/// @param results how each output is computed, by name; the same names as `outputs`
/// @param timeout from its first step until all have ended
/// @param onFailure of any of its steps; absent means what the workflow around it says
public record Workflow(
        Header header,
        Set<String> requires,
        List<String> groups,
        Map<String, InputSpec> inputs,
        Map<String, Step> steps,
        Map<String, OutputSpec> outputs,
        Map<String, Template> results,
        Optional<Duration> timeout,
        Optional<OnFailure> onFailure)
        implements Module {
    public Workflow {
        requires = Set.copyOf(requires);
        groups = List.copyOf(groups);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }
}
