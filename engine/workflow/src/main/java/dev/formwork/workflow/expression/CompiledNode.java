package dev.formwork.workflow.expression;

import dev.cel.common.types.CelType;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The tree of a template, with its expressions checked.
sealed interface CompiledNode {
    /// Those of every expression inside, in the order written.
    Stream<Reference> references();

    Value evaluate(Function<Reference, Value> values);

    static CompiledNode of(Template template, Scope scope, Problems problems) {
        return switch (template) {
            case Template.Constant(Value value, _) -> new Constant(value);
            case Template.Computed(Expression expression) -> {
                Problems mine = new Problems();
                Optional<CheckedExpression> checked =
                        CheckedExpression.check(expression, scope, false, mine)
                                .filter(one -> one.isJson(mine));
                problems.addAll(mine.all());
                yield new Computed(checked, mine.all());
            }
            case Template.Mixed mixed -> mixed(mixed, scope, problems);
            case Template.Items(List<Template> items, _) ->
                    new Items(items.stream().map(item -> of(item, scope, problems)).toList());
            case Template.Fields(Map<String, Template> fields, _) -> {
                Map<String, CompiledNode> compiled = new LinkedHashMap<>();
                fields.forEach((name, field) -> compiled.put(name, of(field, scope, problems)));
                yield new Fields(compiled);
            }
        };
    }

    private static Mixed mixed(Template.Mixed mixed, Scope scope, Problems problems) {
        List<Piece> pieces = new ArrayList<>();
        for (Template.Part part : mixed.parts()) {
            switch (part) {
                case Template.Part.Literal(String text) -> pieces.add(new Piece.Literal(text));
                case Template.Part.Inserted(Expression expression) -> {
                    Problems mine = new Problems();
                    Optional<CheckedExpression> checked =
                            CheckedExpression.check(expression, scope, false, mine)
                                    .filter(one -> isText(one, mine));
                    problems.addAll(mine.all());
                    pieces.add(new Piece.Inserted(checked, mine.all()));
                }
            }
        }
        return new Mixed(pieces);
    }

    private static boolean isText(CheckedExpression checked, Problems problems) {
        CelType type = checked.type();
        return switch (type.kind()) {
            case LIST, MAP, STRUCT, NULL_TYPE -> {
                problems.addAll(List.of(checked.notText(Types.describe(type))));
                yield false;
            }
            default -> checked.isJson(problems);
        };
    }

    record Constant(Value value) implements CompiledNode {
        @Override
        public Stream<Reference> references() {
            return Stream.empty();
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            return value;
        }
    }

    record Computed(Optional<CheckedExpression> expression, List<Problem> problems)
            implements CompiledNode {
        @Override
        public Stream<Reference> references() {
            return expression.stream().flatMap(one -> one.references().stream());
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            return CheckedExpression.require(expression, problems).evaluate(values);
        }
    }

    record Mixed(List<Piece> pieces) implements CompiledNode {
        @Override
        public Stream<Reference> references() {
            return pieces.stream().flatMap(Piece::references);
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            StringBuilder text = new StringBuilder();
            boolean secret = false;
            for (Piece piece : pieces) {
                switch (piece) {
                    case Piece.Literal(String literal) -> text.append(literal);
                    case Piece.Inserted(var expression, var problems) -> {
                        CheckedExpression checked = CheckedExpression.require(expression, problems);
                        Value value = checked.evaluate(values);
                        secret |= value.holdsSecret();
                        text.append(checked.text(CelValues.reveal(value)));
                        checked.limit(text.length());
                    }
                }
            }
            Value whole = Value.of(text.toString());
            return secret ? new Value.Secret(whole) : whole;
        }
    }

    record Items(List<CompiledNode> items) implements CompiledNode {
        @Override
        public Stream<Reference> references() {
            return items.stream().flatMap(CompiledNode::references);
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            return Value.of(items.stream().map(item -> item.evaluate(values)).toList());
        }
    }

    record Fields(Map<String, CompiledNode> fields) implements CompiledNode {
        @Override
        public Stream<Reference> references() {
            return fields.values().stream().flatMap(CompiledNode::references);
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            Map<String, Value> evaluated = new LinkedHashMap<>();
            fields.forEach((name, field) -> evaluated.put(name, field.evaluate(values)));
            return Value.of(evaluated);
        }
    }

    /// A part of a [Mixed].
    sealed interface Piece {
        Stream<Reference> references();

        record Literal(String text) implements Piece {
            @Override
            public Stream<Reference> references() {
                return Stream.empty();
            }
        }

        record Inserted(Optional<CheckedExpression> expression, List<Problem> problems)
                implements Piece {
            @Override
            public Stream<Reference> references() {
                return expression.stream().flatMap(one -> one.references().stream());
            }
        }
    }
}
