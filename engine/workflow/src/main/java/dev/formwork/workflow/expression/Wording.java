package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelEvaluationException;
import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.module.Expression;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Puts what CEL reports into Formwork's words.
final class Wording {
    private static final Pattern OVERLOAD =
            Pattern.compile(
                    "found no matching overload for '([^']*)' applied to '(.*?)' \\(candidates.*",
                    Pattern.DOTALL);
    private static final Pattern UNDECLARED =
            Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("undefined field '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern UNEXPECTED =
            Pattern.compile(
                    "(?:mismatched|extraneous) input '(.*?)' expecting.*"
                            + "|no viable alternative at input '(.*?)'.*",
                    Pattern.DOTALL);
    private static final Pattern UNREADABLE =
            Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
    private static final Pattern MISSING =
            Pattern.compile("missing '(.*?)' at '.*'", Pattern.DOTALL);
    private static final Pattern CALLED = Pattern.compile("([^(].*)\\.\\((.*)\\)", Pattern.DOTALL);
    private static final Pattern POSITION =
            Pattern.compile("evaluation error at <input>:(\\d+): (.*)", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("_(.{1,2})_");

    /// What a scalar is called where it could have been meant as text.
    private static final Set<String> PRINTABLE = Set.of("int", "uint", "double", "bool");

    private static final Set<String> FUNCTIONS = functions();

    private Wording() {}

    private static Set<String> functions() {
        Set<String> functions = new TreeSet<>(CelExtensions.getAllFunctionNames());
        functions.removeIf(name -> name.startsWith("@") || name.contains("ptional"));
        functions.removeAll(Set.of("sortBy", "none", "value", "hasValue", "or", "orValue"));
        functions.addAll(
                List.of(
                        "size",
                        "has",
                        "all",
                        "exists",
                        "exists_one",
                        "map",
                        "filter",
                        "contains",
                        "startsWith",
                        "endsWith",
                        "matches",
                        "string",
                        "int",
                        "double",
                        "bool",
                        "bytes",
                        "dyn",
                        "type",
                        "timestamp",
                        "duration"));
        return functions;
    }

    /// The parser goes on after an error; what it says from then on is rarely of use.
    static Problem syntax(Expression expression, List<CelIssue> issues) {
        CelIssue issue =
                issues.stream()
                        .filter(one -> !UNREADABLE.matcher(one.getMessage()).matches())
                        .findFirst()
                        .filter(_ -> !UNREADABLE.matcher(issues.getFirst().getMessage()).matches())
                        .orElse(issues.getFirst());
        Location place = Syntax.place(expression, issue.getSourceLocation());
        String message = issue.getMessage();
        if (message.contains("exceeds limit") || message.contains("limit exceeded")) {
            return Problem.at(
                    expression.location(),
                    "expression.too-costly",
                    "the expression is too long or too deeply nested",
                    "compute part of it in a step, or pass it as an input");
        }
        Matcher unreadable = UNREADABLE.matcher(message);
        if (unreadable.matches()) {
            String text = unreadable.group(1).strip();
            return Problem.at(
                    place,
                    "expression.syntax",
                    "can't read " + Names.abbreviate(text),
                    hintFor(text));
        }
        Matcher missing = MISSING.matcher(message);
        if (missing.matches()) {
            return Problem.at(
                    place, "expression.syntax", "`" + missing.group(1) + "` is missing", null);
        }
        Matcher unexpected = UNEXPECTED.matcher(message);
        if (unexpected.matches()) {
            String token = unexpected.group(1) != null ? unexpected.group(1) : unexpected.group(2);
            return token.equals("<EOF>")
                    ? Problem.at(
                            place,
                            "expression.syntax",
                            "the expression ends too early",
                            "something is missing, such as an operand or a closing bracket")
                    : Problem.at(
                            place,
                            "expression.syntax",
                            "`" + Names.abbreviate(token) + "` isn't expected here",
                            hintFor(token));
        }
        return Problem.at(place, "expression.syntax", Names.abbreviate(message), null);
    }

    /// CEL writes `(a, b)`, and `a.(b)` for what is called on a value.
    private static String operands(String applied) {
        Matcher called = CALLED.matcher(applied);
        if (called.matches()) {
            return called.group(1) + (called.group(2).isEmpty() ? "" : ", " + called.group(2));
        }
        return applied.startsWith("(") && applied.endsWith(")")
                ? applied.substring(1, applied.length() - 1)
                : applied;
    }

    private static @Nullable String hintFor(String token) {
        if (token.startsWith("'") || token.startsWith("\"")) {
            return "is the closing quote missing?";
        }
        return switch (token) {
            case "=" -> "compare with ==";
            case "&" -> "and is written &&";
            case "|" -> "or is written ||; functions are called, as in x.join(',')";
            default -> null;
        };
    }

    static Problem check(Expression expression, CelAbstractSyntaxTree parsed, CelIssue issue) {
        Location place = Syntax.place(expression, issue.getSourceLocation());
        String message = issue.getMessage();
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            String types = types(operands(overload.group(2)));
            return Problem.at(
                    place,
                    "expression.type",
                    operation(overload.group(1)) + " doesn't take (" + types + ")",
                    overloadHint(overload.group(1), types));
        }
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            return undeclared(place, undeclared.group(1), isCall(parsed, issue.getExprId()));
        }
        Matcher field = FIELD.matcher(message);
        if (field.matches()) {
            return Problem.at(
                    place,
                    "expression.unknown-reference",
                    "a machine has no field `" + Names.abbreviate(field.group(1)) + "`",
                    didYouMean(field.group(1), Language.MACHINE.fieldNames(), "it has "));
        }
        return Problem.at(place, "expression.type", types(Names.abbreviate(message)), null);
    }

    private static Problem undeclared(Location place, String name, boolean call) {
        String shown = Names.abbreviate(name);
        return call
                ? Problem.at(
                        place,
                        "expression.unknown-reference",
                        "there is no function `" + shown + "`",
                        didYouMean(name, FUNCTIONS, null))
                : Problem.at(
                        place,
                        "expression.unknown-reference",
                        "there is nothing called `" + shown + "`",
                        Names.nearest(name, Language.ROOTS)
                                .map(nearest -> "did you mean " + nearest + "?")
                                .orElse("text is written in quotes: '" + shown + "'"));
    }

    private static @Nullable String didYouMean(
            String name, Collection<String> known, @Nullable String all) {
        Optional<String> nearest = Names.nearest(name, known);
        if (nearest.isPresent()) {
            return "did you mean " + nearest.get() + "?";
        }
        return all == null ? null : all + known.stream().sorted().collect(Collectors.joining(", "));
    }

    private static boolean isCall(CelAbstractSyntaxTree parsed, long id) {
        List<CelExpr> open = new ArrayList<>(List.of(parsed.getExpr()));
        while (!open.isEmpty()) {
            CelExpr expr = open.removeLast();
            if (expr.id() == id) {
                return expr.getKind() == Kind.CALL;
            }
            open.addAll(Syntax.children(expr));
        }
        return false;
    }

    private static String operation(String function) {
        return switch (function) {
            case "_?_:_" -> "the choice ? :";
            case "_[_]" -> "the lookup in []";
            case "-_" -> "-";
            case "!_" -> "!";
            case "@in" -> "in";
            default -> {
                Matcher operator = OPERATOR.matcher(function);
                yield operator.matches() ? operator.group(1) : function + "()";
            }
        };
    }

    private static @Nullable String overloadHint(String function, String types) {
        List<String> operands = List.of(types.split(", ", -1));
        if (function.equals("_+_")
                && operands.contains("string")
                && operands.stream().anyMatch(PRINTABLE::contains)) {
            return "turn the other one into text: string(x)";
        }
        if (operands.contains("null")) {
            return "compare dyn(x) with null";
        }
        if (function.equals("_[_]") && types.startsWith("machine")) {
            return "write machine.name and so on";
        }
        if (function.equals("join")) {
            return "all items must be text: list.map(x, string(x)).join(',')";
        }
        if (operands.contains("int") && operands.contains("double")) {
            return "turn the int into a double: double(x)";
        }
        return null;
    }

    private static String types(String message) {
        return message.replace(Language.MACHINE.name(), "machine")
                .replace("google.protobuf.Timestamp", "timestamp")
                .replace("google.protobuf.Duration", "duration")
                .replaceAll("wrapper\\((\\w+)\\)", "$1 or null");
    }

    /// @param secret whether CEL's own message may quote a secret
    static Problem failure(
            Expression expression,
            CelAbstractSyntaxTree ast,
            CelEvaluationException failure,
            boolean secret) {
        String message = String.valueOf(failure.getMessage());
        Matcher position = POSITION.matcher(message);
        Location place = expression.location();
        if (position.matches()) {
            message = position.group(2);
            if (position.group(1).length() < 9) {
                int offset = Integer.parseInt(position.group(1));
                place = Syntax.place(expression, ast.getSource(), offset);
            }
        }
        String quoted = secret ? "" : ": " + Names.abbreviate(message);
        CelErrorCode code = failure.getErrorCode();
        return switch (code) {
            case ATTRIBUTE_NOT_FOUND ->
                    failed(
                            place,
                            "there is no such key or field" + quoted,
                            "has(x.field) tells whether it is there; a step that was skipped has"
                                    + " null outputs");
            case INDEX_OUT_OF_BOUNDS ->
                    failed(place, "the list has no such index" + quoted, "indices start at 0");
            case DIVIDE_BY_ZERO -> failed(place, "division by zero", null);
            case NUMERIC_OVERFLOW -> failed(place, "the number doesn't fit 64 bits", null);
            case ITERATION_BUDGET_EXCEEDED -> tooCostly(expression);
            case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD ->
                    failed(
                            place,
                            "a value has a type that this isn't defined for",
                            "where it can be null, as the output of a skipped step is, ask first:"
                                    + " x == null ? ... : x");
            case DUPLICATE_ATTRIBUTE -> failed(place, "the map has a key twice" + quoted, null);
            case BAD_FORMAT -> failed(place, "the text can't be converted" + quoted, null);
            case INVALID_ARGUMENT -> failed(place, "an argument is refused" + quoted, null);
            case TYPE_NOT_FOUND, INTERNAL_ERROR ->
                    failed(place, "the expression can't be evaluated" + quoted, null);
        };
    }

    private static Problem failed(Location place, String detail, @Nullable String hint) {
        return Problem.at(place, "expression.failed", detail, hint);
    }

    static Problem tooCostly(Expression expression) {
        return Problem.at(
                expression.location(),
                "expression.too-costly",
                "the expression takes too much time or memory",
                "loop over less, or compute it in a step");
    }
}
