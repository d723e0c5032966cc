package dev.formwork.server;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.OutputCheck;
import dev.formwork.workflow.schema.Schemas;

import java.util.List;

/// Holds reported outputs against what the task declares.
final class DeclaredOutputs implements OutputCheck {
    private final Schemas schemas;

    DeclaredOutputs(Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public List<Problem> problems(Task task, Value.Struct outputs) {
        Problems problems = new Problems();
        task.outputs()
                .forEach((name, output) -> {
                    Value value = outputs.fields().get(name);
                    if (value == null) {
                        problems.add(
                                null,
                                "output.missing",
                                "output `" + name + "` was not written",
                                "write it to $FORMWORK_OUTPUTS/" + name);
                    } else {
                        schemas.validate(
                                Schemas.Kind.OUTPUT,
                                name,
                                output.secret() ? new Value.Secret(value) : value,
                                output.schema(),
                                null,
                                problems);
                    }
                });
        outputs.fields()
                .keySet()
                .forEach(name -> {
                    if (!task.outputs().containsKey(name)) {
                        problems.add(
                                null,
                                "output.undeclared",
                                "output `" + Names.abbreviate(name) + "` is not declared",
                                "declare it in module.yaml");
                    }
                });
        return problems.all();
    }
}
