package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.values.CelValue;
import dev.cel.runtime.CelEvaluationListener;
import dev.formwork.model.value.Value;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Bounds one evaluation. CEL itself only counts iterations; but text and lists can double at every
/// operator, and a function can be slow on long arguments. So this listens: it is told every value
/// as it is computed, and charges a call when its last argument is known, which is before it
/// happens.
///
/// A unit of cost is about what visiting one node takes. Not thread-safe.
final class Meter implements CelEvaluationListener {
    static final int MAX_ITERATIONS = 100_000;
    static final int MAX_TEXT = 1 << 20;

    /// Of one list or map with everything in it, in scalars or eight characters of text.
    static final long MAX_WEIGHT = 1_000_000;

    static final long MAX_COST = 20_000_000;

    private static final Set<String> FREE =
            Set.of(
                    "_[_]",
                    "_?_:_",
                    "_&&_",
                    "_||_",
                    "!_",
                    "@not_strictly_false",
                    "__not_strictly_false__",
                    "type",
                    "dyn");

    private final Calls calls;
    private final Map<Long, Object> values = new HashMap<>();
    private final IdentityHashMap<Object, Long> weights = new IdentityHashMap<>();
    private long cost;

    /// The calls of an expression that need watching.
    ///
    /// @param byLastArgument the call that follows once the expression with this id has a value
    /// @param arguments the ids of all their arguments
    record Calls(Map<Long, Call> byLastArgument, Set<Long> arguments) {
        static Calls of(CelAbstractSyntaxTree ast) {
            Map<Long, Call> calls = new HashMap<>();
            Set<Long> arguments = new HashSet<>();
            collect(ast.getExpr(), calls, arguments);
            return new Calls(Map.copyOf(calls), Set.copyOf(arguments));
        }

        private static void collect(CelExpr expr, Map<Long, Call> calls, Set<Long> arguments) {
            if (expr.getKind() == Kind.CALL && !FREE.contains(expr.call().function())) {
                List<CelExpr> operands = Syntax.arguments(expr);
                // Adding to a macro's accumulator takes no longer than the item.
                boolean accumulates =
                        expr.call().function().equals("_+_")
                                && Syntax.isHiddenVariable(operands.getFirst());
                if (!operands.isEmpty() && !accumulates) {
                    List<Long> ids = operands.stream().map(CelExpr::id).toList();
                    arguments.addAll(ids);
                    calls.put(ids.getLast(), new Call(expr.call().function(), ids));
                }
            }
            Syntax.children(expr).forEach(child -> collect(child, calls, arguments));
        }
    }

    record Call(String function, List<Long> arguments) {}

    static final class TooCostly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooCostly() {
            super("too costly", null, false, false);
        }
    }

    Meter(Calls calls) {
        this.calls = calls;
    }

    /// Errors vanish in `||` and `&&`; this doesn't.
    boolean exceeded() {
        return cost > MAX_COST;
    }

    @Override
    public void callback(CelExpr expr, Object value) {
        charge(1);
        if (value instanceof String text) {
            limit(text.length(), MAX_TEXT);
        }
        switch (expr.getKind()) {
            case LIST, MAP -> limit(weight(value), MAX_WEIGHT);
            case COMPREHENSION -> {
                if (value instanceof List<?> || value instanceof Map<?, ?>) {
                    limit(weight(value), MAX_WEIGHT);
                }
            }
            case CALL -> {
                // dev.cel has walked what isn't its own.
                if (!(value instanceof CelValue)
                        && (value instanceof List<?> || value instanceof Map<?, ?>)) {
                    charge(weight(value));
                }
            }
            case SELECT, IDENT, CONSTANT, STRUCT, NOT_SET -> {}
        }
        if (calls.arguments().contains(expr.id())) {
            values.put(expr.id(), value);
            Call call = calls.byLastArgument().get(expr.id());
            if (call != null) {
                before(call);
            }
        }
    }

    private void before(Call call) {
        List<Object> arguments =
                call.arguments().stream().map(id -> values.getOrDefault(id, "")).toList();
        Object first = arguments.getFirst();
        Object second = arguments.size() > 1 ? arguments.get(1) : "";
        switch (call.function()) {
            case "_+_" -> {
                if (first instanceof String a && second instanceof String b) {
                    limit((long) a.length() + b.length(), MAX_TEXT);
                }
                charge(length(first) + length(second));
            }
            case "size" -> charge(first instanceof String text ? text.length() / 8 : 1);
            case "contains", "indexOf", "lastIndexOf", "split" ->
                    charge(length(first) + length(first) * length(second) / 64);
            case "matches" -> charge(length(first) * (length(second) + 16) / 4);
            case "replace" -> {
                charge(length(first) + length(first) * length(second) / 64);
                Object third = arguments.size() > 2 ? arguments.get(2) : "";
                if (first instanceof String a
                        && second instanceof String b
                        && third instanceof String c) {
                    limit(a.length() + count(a, b) * (c.length() - b.length()), MAX_TEXT);
                }
            }
            case "join" -> {
                if (first instanceof List<?> parts) {
                    long total = (long) parts.size() * length(second);
                    for (Object part : parts) {
                        total += length(part);
                    }
                    limit(total, MAX_TEXT);
                    charge(total / 8 + parts.size());
                }
            }
            case "lists.range" -> {
                long size = first instanceof Long number ? number : 0;
                limit(size, MAX_ITERATIONS);
                charge(Math.max(0, size));
            }
            case "flatten" -> {
                limit(weight(first), MAX_WEIGHT);
                charge(weight(first));
            }
            case "distinct", "sort" -> charge(weight(first) * 16);
            case "sets.contains", "sets.intersects", "sets.equivalent" ->
                    charge((1 + length(first)) * (1 + length(second)) + weight(first));
            case "@in", "_in_" -> charge(second instanceof Map ? 1 : weight(second));
            case "_==_", "_!=_" -> charge(Math.min(weight(first), weight(second)));
            default -> arguments.forEach(argument -> charge(length(argument) / 8));
        }
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.length() + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static long length(Object value) {
        return switch (value) {
            case String text -> text.length();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> 1;
        };
    }

    /// With everything inside, as often as it is inside; each list and map is walked only once.
    private long weight(Object value) {
        return switch (value) {
            case String text -> 1 + text.length() / 8;
            case CelList list when list.items() instanceof CelValues.ListView view ->
                    weight(view.origin);
            case CelMap map when map.entries() instanceof CelValues.MapView view ->
                    weight(view.origin);
            case List<?> list -> sum(list, list);
            case Map<?, ?> map -> map.size() + sum(map, map.values());
            case Value.Sequence sequence -> sum(sequence, sequence.items());
            case Value.Struct struct -> sum(struct, struct.fields().values());
            case Value.Secret(Value revealed) -> weight(revealed);
            case Value.Text(String text) -> weight(text);
            default -> 1;
        };
    }

    private long sum(Object whole, Iterable<?> parts) {
        Long known = weights.get(whole);
        if (known != null) {
            return known;
        }
        long sum = 1;
        for (Object part : parts) {
            charge(1);
            sum = Math.min(Long.MAX_VALUE / 4, sum + weight(part));
        }
        weights.put(whole, sum);
        return sum;
    }

    private void charge(long units) {
        cost = Math.min(Long.MAX_VALUE / 2, cost + Math.max(0, Math.min(units, MAX_COST + 1)));
        if (exceeded()) {
            throw new TooCostly();
        }
    }

    private void limit(long size, long most) {
        if (size > most) {
            cost = MAX_COST + 1;
            throw new TooCostly();
        }
    }
}
