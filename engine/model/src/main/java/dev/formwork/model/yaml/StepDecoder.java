package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Step.NeedScope;
import dev.formwork.model.module.Step.Target;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Decodes one step of a workflow, and checks it against the workflow's groups and steps.
final class StepDecoder {
    static final String ENGINE = "engine";
    static final String PEER = "peer";

    private static final Pattern MEMBER = Pattern.compile("([^\\[\\]]*)\\[(\\d{1,6})\\]");
    private static final Pattern SHARE = Pattern.compile("(100|[1-9]?\\d)%");
    private static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);
    private static final int MANY = 1_000_000;

    private final Decoding context;
    private final Templates templates;
    private final List<String> groups;
    private final Set<String> steps;

    /// @param groups that the workflow has
    /// @param steps names of all steps
    StepDecoder(Decoding context, List<String> groups, Set<String> steps) {
        this.context = context;
        this.templates = new Templates(context);
        this.groups = groups;
        this.steps = steps;
    }

    Step step(Marked.Entry entry) {
        Fields fields = Fields.open(entry.value(), Shape.STEP, context);
        Target target = target(fields, entry);
        if (target instanceof Target.OnPeer && !fields.has("for_each")) {
            context.report(
                    fields.find("on").orElse(entry.value()).at(),
                    "workflow.peer-needs-for-each",
                    "on: peer asks a member that stands, once for each that comes or goes",
                    "add for_each: groups.<group>.joining, or .leaving");
        }
        return new Step(
                entry.key(),
                target,
                fields.name("uses", NameRule.MODULE),
                fields.map("with", this::with).orElse(Map.of()),
                fields.map("bind", context::bindings).orElse(Map.of()),
                fields.map("when", templates::expression),
                fields.map("for_each", this::forEach),
                fields.map("needs", node -> needs(node, entry.key())).orElse(Map.of()),
                fields.map("retry", this::retry),
                fields.map("until", this::until),
                fields.map("timeout", context::timeout),
                fields.map("strategy", node -> strategy(node, entry.key())),
                fields.map("on_failure", new OnFailureDecoder(context, steps)::onFailure),
                fields.map("partial", context::flag).orElse(false),
                fields.map("parallel", context::flag).orElse(false),
                fields.map("mutex", this::mutex),
                entry.at());
    }

    private Map<String, Template> with(Marked node) {
        return context.map(node, NameRule.IDENTIFIER, input -> templates.template(input.value()));
    }

    private Target target(Fields fields, Marked.Entry entry) {
        Optional<Marked> on = fields.find("on");
        Optional<Marked> nested = fields.find("groups");
        if (on.isPresent() && nested.isPresent()) {
            context.report(
                    nested.get().at(),
                    "workflow.on-and-groups",
                    "a step has either `on`, for a task, or `groups`, for a workflow",
                    "leave one of them out");
        } else if (on.isEmpty() && nested.isEmpty()) {
            context.report(
                    entry.at(),
                    "yaml.missing-key",
                    "the step says neither `on` nor `groups`",
                    "on: <group>, <group>[0], engine or peer; groups: {} for a nested workflow");
        }
        return nested.isPresent()
                ? new Target.Nested(context.map(nested.get(), NameRule.IDENTIFIER, this::outer))
                : on.map(this::on).orElse(new Target.OnEngine());
    }

    private String outer(Marked.Entry entry) {
        String group = context.text(entry.value());
        requireGroup(group, entry.value());
        return group;
    }

    private Target on(Marked node) {
        String text = context.text(node);
        Matcher member = MEMBER.matcher(text);
        if (text.equals(ENGINE)) {
            return new Target.OnEngine();
        } else if (text.equals(PEER)) {
            return new Target.OnPeer();
        } else if (member.matches()) {
            String group = member.group(1);
            requireGroup(group, node);
            return new Target.OnMember(group, Integer.parseInt(member.group(2)));
        }
        requireGroup(text, node);
        return new Target.OnGroup(text);
    }

    private void requireGroup(String group, Marked node) {
        if (!groups.contains(group) && node.kind().equals("a text")) {
            String hint =
                    context.didYouMean(
                            group, groups, "the workflow lists its groups: groups: [members]");
            String detail = "the workflow has no group '" + Names.abbreviate(group) + "'";
            context.report(node.at(), "workflow.unknown-group", detail, hint);
        }
    }

    private Step.ForEach forEach(Marked node) {
        if (!(node instanceof Marked.Mapping)) {
            return new Step.ForEach(templates.expression(node), Optional.empty());
        }
        Fields fields = Fields.open(node, Shape.FOR_EACH, context);
        return new Step.ForEach(
                fields.map("in", templates::expression).orElse(new Expression("", node.at())),
                fields.map("max", max -> context.integer(max, 1, MANY)));
    }

    private Map<String, NeedScope> needs(Marked node, String self) {
        Map<String, NeedScope> needs = new LinkedHashMap<>();
        if (node instanceof Marked.Items) {
            for (String name : context.distinct(node, item -> Optional.of(needed(item, self)))) {
                needs.put(name, NeedScope.ALL);
            }
            return needs;
        }
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            for (Marked.Entry entry : entries.values()) {
                requireStep(entry.key(), entry, self);
                needs.put(entry.key(), scope(entry.value()));
            }
            return needs;
        }
        context.wrongType(node, "a list of steps, or a mapping such as {member: all}");
        return needs;
    }

    private String needed(Marked item, String self) {
        String name = context.text(item);
        if (item.kind().equals("a text")) {
            requireStep(name, new Marked.Entry(name, item.at(), item), self);
        }
        return name;
    }

    private void requireStep(String name, Marked.Entry at, String self) {
        if (name.equals(self)) {
            context.report(at.at(), "workflow.needs-itself", "a step cannot need itself", null);
        } else if (!steps.contains(name)) {
            String detail = "the workflow has no step '" + Names.abbreviate(name) + "'";
            String hint = context.didYouMean(name, steps);
            context.report(at.at(), "workflow.unknown-step", detail, hint);
        }
    }

    private NeedScope scope(Marked node) {
        return context.word(
                        node,
                        List.of("all", "same"),
                        word ->
                                switch (word) {
                                    case "all" -> Optional.of(NeedScope.ALL);
                                    case "same" -> Optional.of(NeedScope.SAME);
                                    default -> Optional.empty();
                                })
                .orElse(NeedScope.ALL);
    }

    private Step.Retry retry(Marked node) {
        Fields fields = Fields.open(node, Shape.RETRY, context);
        return new Step.Retry(
                fields.map("times", times -> context.integer(times, 1, 1000)).orElse(1),
                fields.map("delay", context::duration).orElse(DEFAULT_DELAY));
    }

    private Step.Until until(Marked node) {
        Fields fields = Fields.open(node, Shape.UNTIL, context);
        return new Step.Until(
                fields.map("condition", templates::expression)
                        .orElse(new Expression("", node.at())),
                fields.map("max", max -> context.integer(max, 1, MANY)).orElse(1),
                fields.map("delay", context::duration).orElse(DEFAULT_DELAY));
    }

    private Step.Strategy strategy(Marked node, String self) {
        Fields fields = Fields.open(node, Shape.STRATEGY, context);
        return new Step.Strategy(
                fields.map("max_parallel", most -> amount(most, 1)).orElse(Step.Amount.NONE),
                fields.map("canary", some -> amount(some, 1)).orElse(Step.Amount.NONE),
                fields.map("max_failures", some -> amount(some, 0)).orElse(Step.Amount.NONE),
                fields.map("gate", gate -> needed(gate, self)),
                fields.map("when", this::onlyWhenChanging).orElse(false));
    }

    /// A number, or a share such as `25%`.
    private Step.Amount amount(Marked node, int least) {
        if (!node.kind().equals("a text")) {
            return new Step.Amount(context.integer(node, least, MANY), false);
        }
        String text = context.text(node);
        Matcher share = SHARE.matcher(text);
        int percent = share.matches() ? Integer.parseInt(share.group(1)) : -1;
        if (percent < least) {
            String detail = "'" + Names.abbreviate(text) + "' is no number of machines";
            context.badValue(node, detail, "such as 3, or 25% of the machines");
        }
        return new Step.Amount(Math.max(percent, least), true);
    }

    private Step.Mutex mutex(Marked node) {
        if (!(node instanceof Marked.Mapping)) {
            return new Step.Mutex(mutexName(node), 1);
        }
        Fields fields = Fields.open(node, Shape.MUTEX, context);
        return new Step.Mutex(
                fields.map("name", this::mutexName)
                        .orElse(new Template.Constant(Value.nil(), node.at())),
                fields.map("max", max -> context.integer(max, 1, MANY)).orElse(1));
    }

    private Template mutexName(Marked node) {
        Template name = templates.template(node);
        boolean text = node instanceof Marked.Scalar && node.kind().equals("a text");
        if (!text) {
            context.wrongType(node, "a text, or ${{ }} that gives one");
        } else if (name instanceof Template.Constant(Value.Text(String constant), _)
                && !Step.Mutex.NAME.matcher(constant).matches()) {
            context.report(
                    node.at(),
                    "yaml.bad-name",
                    "'" + Names.abbreviate(constant) + "' is no name of a mutex",
                    "letters, digits and . _ : / @ -, at most 200, a letter or digit first");
        }
        return name;
    }

    private boolean onlyWhenChanging(Marked node) {
        return context.word(
                        node,
                        List.of("changing", "always"),
                        word ->
                                switch (word) {
                                    case "changing" -> Optional.of(true);
                                    case "always" -> Optional.of(false);
                                    default -> Optional.empty();
                                })
                .orElse(false);
    }
}
