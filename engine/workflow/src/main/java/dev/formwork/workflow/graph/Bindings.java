package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Step;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds the module that a step's `uses` means. An interface is looked up from the inside out: the
/// step, the steps that enclose its workflow, the group of machines, the cluster.
final class Bindings {
    private final Catalog catalog;
    private final Problems problems;

    Bindings(Catalog catalog, Problems problems) {
        this.catalog = catalog;
        this.problems = problems;
    }

    /// @param layers bindings, the innermost first
    Optional<LoadedModule> resolve(Step step, List<Map<String, String>> layers) {
        Optional<LoadedModule> used = find(step, step.uses());
        if (used.isEmpty() || !(used.get().module() instanceof Interface contract)) {
            return used;
        }
        Optional<String> bound =
                layers.stream()
                        .filter(layer -> layer.containsKey(contract.name()))
                        .map(layer -> layer.get(contract.name()))
                        .findFirst();
        if (bound.isEmpty()) {
            problems.add(
                    step.location(),
                    "binding.missing",
                    "step "
                            + step.name()
                            + " uses the interface "
                            + contract.name()
                            + ", which is bound to no module",
                    "add `bind: {"
                            + contract.name()
                            + ": ...}`; it is provided by "
                            + providers(contract));
            return Optional.empty();
        }
        Optional<LoadedModule> provider = find(step, bound.get());
        provider.ifPresent(module -> requireFits(step, contract, module));
        return provider;
    }

    private Optional<LoadedModule> find(Step step, String name) {
        Optional<LoadedModule> found = catalog.find(name);
        if (found.isEmpty()) {
            problems.add(
                    step.location(),
                    "module.unknown",
                    "there is no module " + name,
                    catalog.hintFor(name));
        }
        return found;
    }

    private void requireFits(Step step, Interface contract, LoadedModule provider) {
        if (!provider.module().header().provides().contains(contract.name())) {
            problems.add(
                    step.location(),
                    "binding.not-a-provider",
                    provider.module().name() + " does not provide " + contract.name(),
                    "it is provided by " + providers(contract));
            return;
        }
        contract.outputs()
                .keySet()
                .forEach(output -> {
                    if (!provider.module().outputs().containsKey(output)) {
                        problems.add(
                                provider.module().header().location(),
                                "binding.missing-output",
                                provider.module().name()
                                        + " provides "
                                        + contract.name()
                                        + " but has no output "
                                        + output,
                                null);
                    }
                });
    }

    private String providers(Interface contract) {
        String names =
                catalog.modules().values().stream()
                        .filter(module ->
                                module.module().header().provides().contains(contract.name()))
                        .map(module -> module.module().name())
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? "no module that is loaded" : names;
    }
}
