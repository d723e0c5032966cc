package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A test of a module, from its `tests/`: what is planned for given inputs and machines and, of a
/// task, what comes of a run on local machines.
///
/// @param file below the module's folder, such as `tests/grows.yaml`
/// @param name one sentence: what it shows
/// @param machines the groups of a workflow; of a task one group of any name, where it runs
/// @param bind interface name to module name
/// @param with inputs of the module
public record ModuleTest(
        String file,
        String name,
        Map<String, Machines> machines,
        Map<String, String> bind,
        Map<String, Value> with,
        Expected expect,
        Location location) {
    public ModuleTest {
        machines = Collections.unmodifiableMap(new LinkedHashMap<>(machines));
        bind = Map.copyOf(bind);
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
    }

    /// One group.
    ///
    /// @param count how many machines it is to have
    /// @param standing how many the last successful run left, with all their results recorded
    public record Machines(int count, int standing) {}

    /// What has to hold. Whatever is absent is not looked at.
    ///
    /// @param nodes exactly those that will or may run: `member@test-members-0`
    /// @param order chains of nodes: each ends before the next starts
    /// @param effects counts of the plan; one that is not named is not looked at
    /// @param outcome of a run
    /// @param outputs some or all of what a run leaves, secrets too
    /// @param log what a run writes
    public record Expected(
            Optional<Set<String>> nodes,
            List<List<String>> order,
            Map<Effect, Integer> effects,
            Optional<Outcome> outcome,
            Map<String, Match> outputs,
            Optional<Match> log) {
        public Expected {
            nodes = nodes.map(Set::copyOf);
            order = order.stream().map(List::copyOf).toList();
            effects = Map.copyOf(effects);
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }

        /// Whether the module has to be run, not only planned.
        public boolean needsRun() {
            return outcome.isPresent() || !outputs.isEmpty() || log.isPresent();
        }
    }

    /// How a run may end.
    public enum Outcome {
        SUCCEEDED,
        FAILED
    }

    /// What a value is held against.
    public sealed interface Match {
        record Equal(Value value) implements Match {}

        /// @param pattern a regular expression that is to be found in the text
        record Matching(String pattern) implements Match {}

        record Containing(String text) implements Match {}
    }
}
