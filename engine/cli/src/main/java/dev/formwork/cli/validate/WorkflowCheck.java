package dev.formwork.cli.validate;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Composer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
                "made-up",
                workflow.name(),
                groups,
                List.of(),
                bindings(catalog),
                with,
                MADE_UP);
    }

    /// Each interface to the first module that provides it.
    private static Map<String, String> bindings(Catalog catalog) {
        Map<String, String> bindings = new LinkedHashMap<>();
        catalog.modules()
                .forEach((name, loaded) ->
                        loaded.module()
                                .header()
                                .provides()
                                .forEach(contract -> bindings.putIfAbsent(contract, name)));
        return bindings;
    }
}
