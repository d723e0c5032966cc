package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.HttpCall;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Decodes an HTTP call: `run`, `check` or `undo` of the runner `http`. Its `${{ }}` hold the name
/// of an input and nothing else, because they are filled in on the machine, where no CEL is.
final class HttpCallDecoder {
    private static final Pattern INPUT = Pattern.compile("\\s*inputs\\.([a-z][a-z0-9_]*)\\s*");

    /// RFC 9110, 5.6.2.
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    /// RFC 6901.
    private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");

    /// What the client says itself.
    private static final Set<String> NOT_OURS =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "upgrade",
                    "transfer-encoding");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Decoding context;
    private final Templates templates;
    private final Map<String, InputSpec> inputs;
    private final Map<String, OutputSpec> outputs;

    /// @param inputs of the task
    /// @param outputs of the task
    HttpCallDecoder(
            Decoding context, Map<String, InputSpec> inputs, Map<String, OutputSpec> outputs) {
        this.context = context;
        this.templates = new Templates(context);
        this.inputs = inputs;
        this.outputs = outputs;
    }

    Script call(Marked node) {
        Fields fields = Fields.open(node, Shape.CALL, context);
        if (fields.has("body") && fields.has("json")) {
            context.badValue(node, "a call has either `body` or `json`", null);
        }
        Map<String, Value> call = new LinkedHashMap<>();
        call.put("method", Value.of(method(fields)));
        call.put("url", fields.map("url", this::url).orElse(Value.nil()));
        fields.find("headers").ifPresent(each -> call.put("headers", headers(each)));
        fields.find("body").ifPresent(each -> call.put("body", template(templates.text(each))));
        fields.find("json").ifPresent(each -> call.put("json", template(templates.template(each))));
        fields.find("expect").ifPresent(each -> call.put("expect", expect(each)));
        fields.find("match").ifPresent(each -> call.put("match", match(each)));
        fields.find("outputs").ifPresent(each -> call.put("outputs", outputs(each)));
        fields.find("ca").ifPresent(each -> call.put("ca", template(templates.text(each))));
        Duration timeout = fields.map("timeout", context::timeout).orElse(TIMEOUT);
        if (timeout.compareTo(LONGEST) > 0) {
            context.badValue(
                    fields.find("timeout").orElse(node), "no call takes longer than 1h", null);
        }
        call.put("timeoutMillis", Value.of(timeout.toMillis()));
        return new Script.Inline(ValueJson.write(Value.of(call)));
    }

    /// The method that is said, or GET.
    String method(Fields call) {
        return call.map(
                        "method",
                        node ->
                                context.word(
                                                node,
                                                HttpCall.METHODS,
                                                word ->
                                                        HttpCall.METHODS.stream()
                                                                .filter(word::equals)
                                                                .findFirst())
                                        .orElse("GET"))
                .orElse("GET");
    }

    private Value url(Marked node) {
        Template url = templates.text(node);
        String start =
                switch (url) {
                    case Template.Constant(Value.Text(String text), _) -> text;
                    case Template.Mixed(List<Template.Part> parts, _)
                            when parts.getFirst() instanceof Template.Part.Literal(String text) ->
                            text;
                    case Template.Constant _,
                            Template.Computed _,
                            Template.Mixed _,
                            Template.Items _,
                            Template.Fields _ ->
                            "http://";
                };
        if (!start.matches("(?s)https?://.*") && node.kind().equals("a text")) {
            context.badValue(
                    node,
                    "'" + Names.abbreviate(start) + "' begins no address",
                    "http://, https://, or the input that has the beginning");
        }
        return template(url);
    }

    private Value headers(Marked node) {
        Map<String, Value> headers = new LinkedHashMap<>();
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            for (Marked.Entry entry : entries.values()) {
                if (!HEADER.matcher(entry.key()).matches()
                        || NOT_OURS.contains(entry.key().toLowerCase(Locale.ROOT))) {
                    String shown = "'" + Names.abbreviate(entry.key()) + "'";
                    context.report(
                            entry.at(), "yaml.bad-value", shown + " is no header to be set", null);
                }
                headers.put(entry.key(), template(templates.text(entry.value())));
            }
        } else {
            context.wrongType(node, "a mapping");
        }
        return Value.of(headers);
    }

    private Value expect(Marked node) {
        return Value.of(
                (node instanceof Marked.Items
                                ? context.list(node, this::status)
                                : List.of(status(node)))
                        .stream().map(status -> Value.of((long) status)).toList());
    }

    private int status(Marked node) {
        return context.integer(node, 100, 599);
    }

    private Value match(Marked node) {
        Map<String, Value> match = new LinkedHashMap<>();
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            for (Marked.Entry entry : entries.values()) {
                checkPointer(entry.key(), entry.value());
                match.put(entry.key(), template(templates.template(entry.value())));
            }
        } else {
            context.wrongType(node, "a mapping");
        }
        return Value.of(match);
    }

    private Value outputs(Marked node) {
        Map<String, Value> places = new LinkedHashMap<>();
        context.map(
                node,
                Decoding.NameRule.IDENTIFIER,
                entry -> {
                    if (!outputs.containsKey(entry.key())) {
                        context.report(
                                entry.at(),
                                "module.unknown-output",
                                "the task has no output " + Names.abbreviate(entry.key()),
                                context.didYouMean(
                                        entry.key(), outputs.keySet(), "add it to `outputs`"));
                    }
                    places.put(entry.key(), place(entry.value()));
                    return entry.key();
                });
        return Value.of(places);
    }

    private Value place(Marked node) {
        if (node instanceof Marked.Mapping) {
            Fields fields = Fields.open(node, Shape.ANSWER_HEADER, context);
            return Value.of(Map.of("header", Value.of(fields.text("header"))));
        }
        String pointer = context.text(node);
        checkPointer(pointer, node);
        return Value.of(Map.of("pointer", Value.of(pointer)));
    }

    private void checkPointer(String text, Marked at) {
        if (!POINTER.matcher(text).matches()) {
            context.badValue(
                    at,
                    "'" + Names.abbreviate(text) + "' is no JSON pointer",
                    "such as /items/0/name");
        }
    }

    /// In a form that can't be confused with a value.
    private Value template(Template template) {
        return switch (template) {
            case Template.Constant(Value value, _) -> Value.of(Map.of("value", value));
            case Template.Computed(Expression expression) -> input(expression);
            case Template.Mixed(List<Template.Part> parts, _) -> {
                List<Value> texts = new ArrayList<>();
                for (Template.Part part : parts) {
                    texts.add(
                            switch (part) {
                                case Template.Part.Literal(String text) -> Value.of(text);
                                case Template.Part.Inserted(Expression each) -> input(each);
                            });
                }
                yield Value.of(Map.of("text", Value.of(texts)));
            }
            case Template.Items(List<Template> items, _) ->
                    Value.of(
                            Map.of("items", Value.of(items.stream().map(this::template).toList())));
            case Template.Fields(Map<String, Template> fields, _) -> {
                Map<String, Value> all = new LinkedHashMap<>();
                fields.forEach((key, each) -> all.put(key, template(each)));
                yield Value.of(Map.of("fields", Value.of(all)));
            }
        };
    }

    private Value input(Expression expression) {
        Matcher input = INPUT.matcher(expression.source());
        if (!input.matches()) {
            context.report(
                    expression.location(),
                    "module.only-inputs",
                    "a call is filled in on the machine, with inputs as they are",
                    "write ${{ inputs.NAME }}; compute in the workflow's `with`");
            return Value.of(Map.of("input", Value.of("")));
        }
        String name = input.group(1);
        context.checkInput(name, inputs, expression.location());
        return Value.of(Map.of("input", Value.of(name)));
    }
}
