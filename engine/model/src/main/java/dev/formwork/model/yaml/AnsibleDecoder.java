package dev.formwork.model.yaml;

import dev.formwork.model.module.Ansible;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Decodes `ansible` of a task.
final class AnsibleDecoder {
    /// What Ansible takes as a tag, and nothing that it would read as two.
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}");

    /// Groups that every inventory has.
    private static final Set<String> ANSIBLES_OWN = Set.of("all", "ungrouped");

    private final Decoding context;
    private final Map<String, InputSpec> inputs;

    /// @param inputs of the task
    AnsibleDecoder(Decoding context, Map<String, InputSpec> inputs) {
        this.context = context;
        this.inputs = inputs;
    }

    /// What a task has, where its runner is Ansible.
    Optional<Ansible> of(Fields task, String runner) {
        Optional<Ansible> said =
                task.ofRunner(Ansible.RUNNER, runner, "module.ansible-unused", "runs no playbook")
                        .map(this::ansible);
        return said.isEmpty() && runner.equals(Ansible.RUNNER) ? Optional.of(Ansible.USUAL) : said;
    }

    private Ansible ansible(Marked node) {
        Fields fields = Fields.open(node, Shape.ANSIBLE, context);
        if (fields.has("inventory") && fields.has("groups")) {
            context.badValue(
                    fields.find("groups").orElse(node),
                    "an inventory says itself which machines are in which groups",
                    "leave out `groups`, or `inventory`");
        }
        return new Ansible(
                fields.map("inventory", this::input),
                fields.map("groups", this::groups).orElse(List.of()),
                fields.map("private_key", this::input),
                fields.map("known_hosts", this::input),
                fields.map("vault_password", this::input),
                fields.map("tags", this::tags).orElse(List.of()),
                fields.map("skip_tags", this::tags).orElse(List.of()),
                fields.map("diff", context::flag).orElse(true));
    }

    private String input(Marked node) {
        return context.input(node, inputs);
    }

    private List<String> groups(Marked node) {
        Set<String> groups = context.names(node, NameRule.IDENTIFIER);
        for (String each : ANSIBLES_OWN) {
            if (groups.contains(each)) {
                context.badValue(node, "every inventory has a group " + each, "leave it out");
            }
        }
        return List.copyOf(groups);
    }

    private List<String> tags(Marked node) {
        return context.list(
                node,
                item -> context.matching(item, TAG, "is no tag", "letters, digits, _ . : and -"));
    }
}
