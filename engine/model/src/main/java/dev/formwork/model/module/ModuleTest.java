package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A test of a module, from its `tests/`: what is planned for given inputs and machines and, where
/// an outcome is expected, what comes of a run on local machines.
///
/// @param file below the module's folder, such as `tests/grow.yaml`
/// @param setup inputs, machines and bindings
/// @param given what was applied before with success; absent for a first application
public record ModuleTest(
        String file,
        String summary,
        Setup setup,
        Optional<Given> given,
        Expected expect,
        Location location) {
    /// @param with inputs of the module
    /// @param groups how many machines each group has; a task has the one group `machines`
    /// @param bind interface name to module name
    public record Setup(
            Map<String, Value> with, Map<String, Integer> groups, Map<String, String> bind) {
        public Setup {
            with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
            groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
            bind = Map.copyOf(bind);
        }
    }

    /// What differed when it was applied before; everything else was as it is now.
    public record Given(Map<String, Value> with, Map<String, Integer> groups) {
        public Given {
            with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
            groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        }
    }

    /// What has to hold. Whatever is absent is not looked at.
    ///
    /// @param nodes how many nodes will or may run, by step; steps of a nested workflow by their
    ///   path, `store/member`; an unnamed step has none
    /// @param order chains of steps: every node of one before any node of the next
    /// @param effects how many of each
    /// @param problem the code that planning is refused with
    /// @param outcome of a run on local machines
    /// @param outputs some or all of what such a run leaves
    public record Expected(
            Optional<Map<String, Integer>> nodes,
            List<List<String>> order,
            Optional<Map<Effect, Integer>> effects,
            Optional<String> problem,
            Optional<Outcome> outcome,
            Map<String, Value> outputs) {
        public Expected {
            nodes = nodes.map(Map::copyOf);
            order = order.stream().map(List::copyOf).toList();
            effects = effects.map(Map::copyOf);
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }

        /// Whether the module has to be run, not only planned.
        public boolean needsRun() {
            return outcome.isPresent() || !outputs.isEmpty();
        }
    }

    /// How a run may end.
    public enum Outcome {
        SUCCEEDED,
        FAILED
    }
}
