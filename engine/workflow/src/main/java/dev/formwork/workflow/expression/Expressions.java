package dev.formwork.workflow.expression;

import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compiles what stands in `${{ }}`. Problems are collected, each with its place in the YAML:
/// `expression.syntax`, `expression.type`, `expression.unknown-reference`, `expression.too-costly`,
/// `expression.not-text`, `expression.not-json`.
public final class Expressions {
    private Expressions() {}

    public static CompiledTemplate compile(Template template, Scope scope, Problems problems) {
        return new Checked(CompiledNode.of(template, scope, problems));
    }

    public static CompiledCondition compileBoolean(
            Expression expression, Scope scope, Problems problems) {
        Problems mine = new Problems();
        Optional<CheckedExpression> checked =
                CheckedExpression.check(expression, scope, false, mine)
                        .filter(one -> one.is(SimpleType.BOOL, "true or false", mine));
        problems.addAll(mine.all());
        return new Condition(checked, mine.all());
    }

    public static CompiledList compileList(Expression expression, Scope scope, Problems problems) {
        Problems mine = new Problems();
        Optional<CheckedExpression> checked =
                CheckedExpression.check(expression, scope, true, mine)
                        .filter(one -> one.is(ListType.create(SimpleType.DYN), "a list", mine));
        problems.addAll(mine.all());
        return new Listing(checked, mine.all());
    }

    /// @param references where one expression reads only a machine's name and another its address,
    ///   the template as a whole is live
    private record Checked(CompiledNode node, Set<Reference> references)
            implements CompiledTemplate {
        Checked(CompiledNode node) {
            this(node, merge(node));
        }

        private static Set<Reference> merge(CompiledNode node) {
            Set<Reference> all = node.references().collect(Collectors.toSet());
            Set<Reference> merged = new LinkedHashSet<>();
            node.references()
                    .forEach(one -> merged.add(all.contains(one.alive()) ? one.alive() : one));
            return Collections.unmodifiableSet(merged);
        }

        @Override
        public Value evaluate(Function<Reference, Value> values) {
            return node.evaluate(one -> values.apply(references.contains(one) ? one : one.alive()));
        }
    }

    private record Condition(Optional<CheckedExpression> expression, List<Problem> problems)
            implements CompiledCondition {
        @Override
        public Set<Reference> references() {
            return expression.map(CheckedExpression::references).orElse(Set.of());
        }

        @Override
        public boolean test(Function<Reference, Value> values) {
            CheckedExpression checked = CheckedExpression.require(expression, problems);
            Value value = CelValues.reveal(checked.evaluate(values));
            if (value instanceof Value.Bool(boolean bool)) {
                return bool;
            }
            throw checked.wrongType("true or false", CheckedExpression.kind(value)).exception();
        }
    }

    private record Listing(Optional<CheckedExpression> expression, List<Problem> problems)
            implements CompiledList {
        @Override
        public Set<Reference> references() {
            return expression.map(CheckedExpression::references).orElse(Set.of());
        }

        @Override
        public ItemKind itemKind() {
            return expression.filter(one -> MachineFlow.isListOfMachines(one.type())).isPresent()
                    ? ItemKind.MACHINE
                    : ItemKind.ANY;
        }

        @Override
        public List<Value> items(Function<Reference, Value> values) {
            CheckedExpression checked = CheckedExpression.require(expression, problems);
            Value value = checked.evaluate(values);
            return switch (value) {
                case Value.Sequence(List<Value> items) -> items;
                case Value.Secret(Value.Sequence(List<Value> items)) ->
                        items.stream().<Value>map(Value.Secret::new).toList();
                default ->
                        throw checked.wrongType(
                                        "a list", CheckedExpression.kind(CelValues.reveal(value)))
                                .exception();
            };
        }
    }
}
