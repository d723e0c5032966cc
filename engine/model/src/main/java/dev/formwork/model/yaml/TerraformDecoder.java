package dev.formwork.model.yaml;

import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Terraform;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Decodes `terraform` of a task.
final class TerraformDecoder {
    /// Names with `/` between, none of which begins with a dot.
    private static final Pattern STATE =
            Pattern.compile(
                    "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,62}){0,3}");

    /// An address of a resource or a module, and never an option.
    private static final Pattern TARGET = Pattern.compile("[A-Za-z_][A-Za-z0-9_.\"\\[\\]-]{0,254}");

    private final Decoding context;
    private final Map<String, InputSpec> inputs;

    /// @param inputs of the task
    TerraformDecoder(Decoding context, Map<String, InputSpec> inputs) {
        this.context = context;
        this.inputs = inputs;
    }

    /// What a task has, where its runner is Terraform.
    Optional<Terraform> of(Fields task, String runner) {
        Optional<Terraform> said =
                task.ofRunner(
                                Terraform.RUNNER,
                                runner,
                                "module.terraform-unused",
                                "applies no configuration")
                        .map(this::terraform);
        return said.isEmpty() && runner.equals(Terraform.RUNNER)
                ? Optional.of(Terraform.USUAL)
                : said;
    }

    private Terraform terraform(Marked node) {
        Fields fields = Fields.open(node, Shape.TERRAFORM, context);
        if (fields.has("backend") && fields.has("state")) {
            context.badValue(
                    fields.find("state").orElse(node),
                    "a configuration with a backend says itself where its state is",
                    "leave out `state`, or `backend`");
        }
        return new Terraform(
                fields.map("binary", this::binary).orElse(Terraform.USUAL.binary()),
                fields.map("backend", context::flag).orElse(false),
                fields.map("state", this::state),
                fields.map("workspace", this::input),
                fields.map("targets", this::targets).orElse(List.of()));
    }

    private String binary(Marked node) {
        return context.word(
                        node,
                        Terraform.BINARIES,
                        word -> Optional.of(word).filter(Terraform.BINARIES::contains))
                .orElse(Terraform.USUAL.binary());
    }

    private String state(Marked node) {
        return context.matching(
                node,
                STATE,
                "is no name of a state",
                "letters, digits, _ . and -, with / between, such as web/dns");
    }

    private String input(Marked node) {
        return context.input(node, inputs);
    }

    private List<String> targets(Marked node) {
        return context.list(
                node,
                item ->
                        context.matching(
                                item,
                                TARGET,
                                "is no address of a resource",
                                "such as module.web or aws_instance.web[0]"));
    }
}
