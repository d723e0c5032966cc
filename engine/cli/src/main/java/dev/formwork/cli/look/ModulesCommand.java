package dev.formwork.cli.look;

import dev.formwork.cli.client.ModuleDocument;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Style;
import dev.formwork.cli.terminal.Table;
import dev.formwork.model.value.SecretWriter;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork modules`.
@Command(name = "modules", description = "Lists modules, or shows one with its inputs and outputs.")
public final class ModulesCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "MODULE", description = "A name: shows it.")
    private Optional<String> module = Optional.empty();

    @Mixin private PackOptions packs;

    public ModulesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<String> digests = packs.upload(session, Optional.empty());
        if (module.isPresent()) {
            ModuleDocument found = session.client().module(module.get(), digests);
            if (!session.document(found.json())) {
                show(found);
            }
            return ExitCode.OK;
        }
        Value.Struct list = session.client().moduleList(digests);
        if (!session.document(list)) {
            Table table = new Table("MODULE", "VERSION", "KIND", "SUMMARY");
            session.client()
                    .modules(list)
                    .forEach(each ->
                            table.row(each.name(), each.version(), each.kind(), each.summary()));
            session.print(table);
        }
        return ExitCode.OK;
    }

    private void show(ModuleDocument found) {
        Style style = session.style();
        session.print(
                "%s %s (%s)".formatted(style.bold(found.name()), found.version(), found.kind()));
        if (!found.summary().isEmpty()) {
            session.print(found.summary());
        }
        list("provides", found.provides());
        list("provided by", found.providedBy());
        fields("inputs", found.inputs());
        fields("outputs", found.outputs());
        if (!found.steps().isEmpty()) {
            session.print("steps:");
            int width = found.steps().stream().mapToInt(s -> s.name().length()).max().orElse(0);
            found.steps()
                    .forEach(step ->
                            session.print(
                                    "  %s  %s on %s"
                                            .formatted(
                                                    pad(step.name(), width),
                                                    step.uses(),
                                                    step.on())));
        }
    }

    private void list(String title, List<String> names) {
        if (!names.isEmpty()) {
            session.print(title + ": " + String.join(", ", names));
        }
    }

    private void fields(String title, List<ModuleDocument.Field> fields) {
        if (fields.isEmpty()) {
            return;
        }
        session.print(title + ":");
        int width = fields.stream().mapToInt(field -> field.name().length()).max().orElse(0);
        for (ModuleDocument.Field field : fields) {
            StringBuilder line = new StringBuilder("  " + pad(field.name(), width));
            line.append("  ").append(field.type().isEmpty() ? "any" : field.type());
            if (field.required()) {
                line.append(", required");
            }
            field.standard()
                    .ifPresent(value ->
                            line.append(", default ")
                                    .append(ValueJson.write(value, SecretWriter.MASK)));
            if (field.secret()) {
                line.append(", secret");
            }
            if (!field.description().isEmpty()) {
                line.append(": ").append(field.description());
            }
            session.print(line.toString());
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
