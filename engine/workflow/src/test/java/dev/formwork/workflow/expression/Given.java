package dev.formwork.workflow.expression;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A scope, and values for all of it.
final class Given {
    static final Location PLACE = new Location("module.yaml", 7, 11);

    static final Value SECRET = new Value.Secret(Value.of("s3cr3t-value"));

    static final Scope SCOPE =
            new Scope(
                    Map.ofEntries(
                            input("port", "integer"),
                            input("ratio", "number"),
                            input("text", "string"),
                            input("flag", "boolean"),
                            input("password", "string"),
                            input("any", ""),
                            input("in", "string"),
                            Map.entry("list", spec("list", listOf("string"))),
                            Map.entry("numbers", spec("numbers", listOf("number"))),
                            Map.entry("labels", spec("labels", mapOf("string"))),
                            Map.entry("account", spec("account", type("object"))),
                            Map.entry(
                                    "maybe",
                                    spec(
                                            "maybe",
                                            Value.of(
                                                    Map.of(
                                                            "type",
                                                            Value.of(
                                                                    List.of(
                                                                            Value.of("string"),
                                                                            Value.of("null")))))))),
                    Map.of(
                            "package",
                            Map.of(
                                    "version", output("version", type("string")),
                                    "size", output("size", type("integer")),
                                    "files", output("files", listOf("string"))),
                            "member",
                            Map.of("client_url", output("client_url", type("string")))),
                    Set.of("members", "peers"),
                    true,
                    Optional.of(ItemKind.MACHINE),
                    Map.of("ready", output("ready", type("boolean"))),
                    true,
                    Set.of("files"),
                    true);

    private static final Value M0 = machine("m0", 0, "10.0.0.1");
    private static final Value M1 = machine("m1", 1, "10.0.0.2");
    private static final Value M2 = machine("m2", 2, "10.0.0.3");

    private Given() {}

    static Value.Struct type(String type) {
        return type.isEmpty() ? Value.Struct.EMPTY : Value.of(Map.of("type", Value.of(type)));
    }

    static Value.Struct listOf(String type) {
        return Value.of(Map.of("type", Value.of("array"), "items", type(type)));
    }

    static Value.Struct mapOf(String type) {
        return Value.of(Map.of("type", Value.of("object"), "additionalProperties", type(type)));
    }

    private static Map.Entry<String, InputSpec> input(String name, String type) {
        return Map.entry(name, spec(name, type(type)));
    }

    private static InputSpec spec(String name, Value.Struct schema) {
        return new InputSpec(name, schema, Optional.empty(), false, false, PLACE);
    }

    private static OutputSpec output(String name, Value.Struct schema) {
        return new OutputSpec(name, schema, false, PLACE);
    }

    static Value machine(String name, int ordinal, String address) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(Machines.NAME, Value.of(name));
        fields.put(Machines.ORDINAL, Value.of(ordinal));
        fields.put(Machines.GROUP, Value.of("members"));
        fields.put(Machines.ADDRESS, Value.of(address));
        fields.put(Machines.PROVIDER, Value.of("local"));
        fields.put(Machines.FACTS, Value.of(Map.of("cpus", Value.of(4), "ratio", Value.of(0.5))));
        return Value.of(fields);
    }

    static Value texts(String... texts) {
        List<Value> items = new ArrayList<>();
        for (String text : texts) {
            items.add(Value.of(text));
        }
        return Value.of(items);
    }

    static Value value(Reference reference) {
        return switch (reference) {
            case Reference.Input(String name) ->
                    switch (name) {
                        case "port" -> Value.of(2379);
                        case "ratio" -> Value.of(2);
                        case "text" -> Value.of("abc");
                        case "flag" -> Value.of(true);
                        case "password" -> SECRET;
                        case "any" -> Value.of(Map.of("deep", texts("x", "y")));
                        case "in" -> Value.of("reserved");
                        case "list" -> texts("a", "b");
                        case "numbers" -> Value.of(List.of(Value.of(1), Value.of(2.5)));
                        case "labels" -> Value.of(Map.of("zone", Value.of("a")));
                        case "account" ->
                                Value.of(Map.of("user", Value.of("root"), "password", SECRET));
                        default -> new Value.Null();
                    };
            case Reference.Param(String name) -> value(new Reference.Input(name));
            case Reference.StepOutput(_, var which, String output) ->
                    which == Reference.Which.ALL
                            ? texts("u0", "u1")
                            : switch (output) {
                                case "version" -> Value.of("3.5");
                                case "files" -> texts("f");
                                default -> new Value.Null();
                            };
            case Reference.Members(_, var subset, _) ->
                    switch (subset) {
                        case WANTED -> Value.of(List.of(M0, M1, M2));
                        case STANDING -> Value.of(List.of(M0, M1));
                        case JOINING -> Value.of(List.of(M2));
                        case LEAVING -> Value.of(List.of());
                    };
            case Reference.Machine _ -> M1;
            case Reference.Item _ -> M2;
            case Reference.OwnOutput _ -> Value.of(true);
            case Reference.Failure(String field) -> Value.of(field);
            case Reference.Boot(String field) -> Value.of(field);
            case Reference.ClusterName _ -> Value.of("demo");
            case Reference.ClusterOutput(String cluster, String output) ->
                    Value.of(cluster + "/" + output);
        };
    }

    static Expression expression(String source) {
        return new Expression(source, PLACE);
    }

    static Template computed(String source) {
        return new Template.Computed(expression(source));
    }

    static CompiledTemplate compile(String source) {
        Problems problems = new Problems();
        CompiledTemplate compiled = Expressions.compile(computed(source), SCOPE, problems);
        problems.throwIfAny();
        return compiled;
    }

    static Value evaluate(String source) {
        return evaluate(source, Given::value);
    }

    /// Values are asked only for what the template says it reads, as a planner would.
    static Value evaluate(String source, Function<Reference, Value> values) {
        CompiledTemplate compiled = compile(source);
        return compiled.evaluate(strictly(compiled, values));
    }

    static Function<Reference, Value> strictly(
            CompiledTemplate compiled, Function<Reference, Value> values) {
        return reference -> {
            if (!compiled.references().contains(reference)) {
                throw new AssertionError("not among its references: " + reference);
            }
            return values.apply(reference);
        };
    }

    static List<Problem> problemsOf(String source) {
        Problems problems = new Problems();
        Expressions.compile(computed(source), SCOPE, problems);
        return problems.all();
    }
}
