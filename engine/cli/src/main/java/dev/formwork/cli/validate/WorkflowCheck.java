package dev.formwork.cli.validate;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Composer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks a workflow by itself: composes it as a cluster would that gives it what it asks for.
final class WorkflowCheck {
    private static final Location MADE_UP = new Location("<made up>", 1, 1);

    private WorkflowCheck() {}

    /// What is wrong in the workflow, and in those that it nests.
    static List<Problem> problems(Workflow workflow, Catalog catalog) {
        Problems problems = new Problems();
        Composer.compose(cluster(workflow, catalog), catalog, problems);
        return problems.all().stream()
                .filter(problem -> !MADE_UP.equals(problem.location()))
                .toList();
    }

    private static ClusterSpec cluster(Workflow workflow, Catalog catalog) {
        Map<String, ClusterSpec.Group> groups = new LinkedHashMap<>();
        for (String name : workflow.groups()) {
            groups.put(
                    name,
                    new ClusterSpec.Group(
                            name,
                            new ClusterSpec.Members.Made(1, "local", Value.Struct.EMPTY),
                            List.of(),
                            Map.of(),
                            Map.of(),
                            MADE_UP));
        }
        Map<String, Template> with = new LinkedHashMap<>();
        workflow.inputs()
                .values()
                .forEach(input -> {
                    if (input.standard().isEmpty()) {
                        with.put(input.name(), new Template.Constant(Value.nil(), MADE_UP));
                    }
                });
        return new ClusterSpec(
                "made-up", workflow.name(), groups, List.of(), bindings(catalog), with, MADE_UP);
    }

    /// Each interface to the first module that provides it; to one that asks for no more than the
    /// interface does, where there is one: a cluster is free to choose it.
    private static Map<String, String> bindings(Catalog catalog) {
        Map<String, String> bindings = new LinkedHashMap<>();
        for (boolean modest : List.of(true, false)) {
            catalog.modules().values().stream()
                    .map(LoadedModule::module)
                    .forEach(module ->
                            module.header()
                                    .provides()
                                    .forEach(contract -> {
                                        if (!modest || isModest(module, contract, catalog)) {
                                            bindings.putIfAbsent(contract, module.name());
                                        }
                                    }));
        }
        return bindings;
    }

    private static boolean isModest(Module module, String contract, Catalog catalog) {
        Set<String> given =
                catalog.find(contract)
                        .map(found -> found.module().inputs().keySet())
                        .orElse(Set.of());
        return module.inputs().values().stream()
                .allMatch(input -> input.standard().isPresent() || given.contains(input.name()));
    }
}
