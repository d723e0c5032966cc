package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.value.Value;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One expression, parsed and checked. Immutable and thread-safe.
final class CheckedExpression {
    private final Expression expression;
    private final CelAbstractSyntaxTree ast;
    private final CelRuntime.Program program;
    private final Meter.Calls calls;
    private final Map<Reference, CelType> references;
    private final Optional<Reference> whole;

    private CheckedExpression(
            Expression expression,
            CelAbstractSyntaxTree ast,
            CelRuntime.Program program,
            Map<Reference, CelType> references) {
        this.expression = expression;
        this.ast = ast;
        this.program = program;
        this.calls = Meter.Calls.of(ast);
        this.references = references;
        this.whole = whole(ast, references);
    }

    /// @param itemsAreNames see [MachineFlow#live]
    /// @return empty where problems were added
    static Optional<CheckedExpression> check(
            Expression expression, Scope scope, boolean itemsAreNames, Problems problems) {
        try {
            Problems mine = new Problems();
            Optional<CheckedExpression> checked = check(expression, scope, mine, itemsAreNames);
            problems.addAll(mine.all());
            return checked;
        } catch (CelValidationException
                | CelEvaluationException
                | RuntimeException
                | StackOverflowError _) {
            // CEL's checker has a few of its own, such as a ClassCastException for odd types.
            problems.add(
                    expression.location(),
                    "expression.type",
                    "the expression can't be checked",
                    "write it in a simpler way; dyn(x) leaves the check of a type to run time");
            return Optional.empty();
        }
    }

    private static Optional<CheckedExpression> check(
            Expression expression, Scope scope, Problems problems, boolean itemsAreNames)
            throws CelValidationException, CelEvaluationException {
        if (expression.source().isBlank()) {
            problems.add(
                    expression.location(), "expression.syntax", "the expression is empty", null);
            return Optional.empty();
        }
        CelValidationResult parsing = Language.COMPILER.parse(expression.source());
        if (parsing.hasError()) {
            problems.addAll(List.of(Wording.syntax(expression, parsing.getErrors())));
            return Optional.empty();
        }
        CelAbstractSyntaxTree parsed = parsing.getAst();
        Map<Reference, CelType> found =
                new ReferenceFinder(expression, parsed, scope, problems).find();
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        Set<CelVarDecl> variables = new LinkedHashSet<>();
        found.forEach((reference, type) ->
                variables.add(
                        CelVarDecl.newVarDeclaration(
                                ReferenceFinder.variable(reference),
                                ReferenceFinder.variableType(reference, type))));
        CelValidationResult checking =
                Language.COMPILER
                        .toCompilerBuilder()
                        .addVarDeclarations(variables)
                        .build()
                        .check(parsed);
        if (checking.hasError()) {
            for (CelIssue issue : checking.getErrors()) {
                problems.addAll(List.of(Wording.check(expression, parsed, issue)));
            }
            return Optional.empty();
        }
        CelAbstractSyntaxTree ast = checking.getAst();
        CelRuntime.Program program = Language.RUNTIME.createProgram(ast);
        return Optional.of(
                new CheckedExpression(
                        expression, ast, program, withLiveness(ast, found, itemsAreNames)));
    }

    private static Map<Reference, CelType> withLiveness(
            CelAbstractSyntaxTree ast, Map<Reference, CelType> found, boolean itemsAreNames) {
        Map<String, Reference> machines = new HashMap<>();
        found.forEach((reference, type) -> {
            if (MachineFlow.holdsMachine(type)) {
                machines.put(ReferenceFinder.variable(reference), reference);
            }
        });
        Set<Reference> live = MachineFlow.live(ast, machines, itemsAreNames);
        Map<Reference, CelType> references = new LinkedHashMap<>();
        found.forEach((reference, type) ->
                references.put(live.contains(reference) ? reference.alive() : reference, type));
        return references;
    }

    /// The one reference that the expression is, if it is nothing but that.
    private static Optional<Reference> whole(
            CelAbstractSyntaxTree ast, Map<Reference, CelType> references) {
        CelExpr root = ast.getExpr();
        CelReference named = ast.getReferenceMap().get(root.id());
        return switch (root.getKind()) {
            case IDENT, SELECT ->
                    references.keySet().stream()
                            .filter(reference ->
                                    named != null && named.name().equals(reference.toString()))
                            .findFirst();
            default -> Optional.empty();
        };
    }

    Set<Reference> references() {
        return references.keySet();
    }

    CelType type() {
        return ast.getResultType();
    }

    Location location() {
        return expression.location();
    }

    Value evaluate(Function<Reference, Value> values) {
        if (whole.isPresent()) {
            return values.apply(whole.get());
        }
        CelValues cel = new CelValues();
        Map<String, Object> variables = new HashMap<>();
        Map<String, Map<String, Map<String, Object>>> clusters = new HashMap<>();
        references.forEach((reference, type) -> {
            Object value = cel.toCel(values.apply(reference), type);
            if (reference instanceof Reference.ClusterOutput(var cluster, var output)) {
                clusters.computeIfAbsent(cluster, _ -> new HashMap<>())
                        .computeIfAbsent("outputs", _ -> new HashMap<>())
                        .put(output, value);
            } else {
                variables.put(ReferenceFinder.variable(reference), value);
            }
        });
        variables.put(ReferenceFinder.CLUSTERS, clusters);
        Value result = evaluate(variables, cel);
        return cel.secretRead() ? new Value.Secret(CelValues.reveal(result)) : result;
    }

    private Value evaluate(Map<String, Object> variables, CelValues cel) {
        Meter meter = new Meter(calls);
        try {
            Object result = program.trace(variables, meter);
            if (meter.exceeded()) {
                throw new ProblemException(Wording.tooCostly(expression));
            }
            return cel.fromCel(result);
        } catch (CelValues.NotJson notJson) {
            throw new ProblemException(notJson(notJson.what));
        } catch (CelEvaluationException failure) {
            throw new ProblemException(
                    meter.exceeded()
                            ? Wording.tooCostly(expression)
                            : Wording.failure(expression, ast, failure, cel.secretRead()));
        } catch (Meter.TooCostly | StackOverflowError _) {
            throw new ProblemException(Wording.tooCostly(expression));
        } catch (ProblemException problem) {
            throw problem;
        } catch (RuntimeException unexpected) {
            // A function of CEL that doesn't take what the checker let through. What it says may
            // quote
            // a secret, so only its kind is told.
            throw new ProblemException(
                    Problem.at(
                            expression.location(),
                            "expression.failed",
                            "the expression can't be evaluated ("
                                    + unexpected.getClass().getSimpleName()
                                    + ")",
                            null));
        }
    }

    Problem notJson(String what) {
        return Problem.at(
                expression.location(),
                "expression.not-json",
                "the result is " + what,
                "turn it into text: string(x)");
    }

    /// Adds `expression.not-json` where the type alone tells it.
    boolean isJson(Problems problems) {
        CelType type = type();
        switch (type.kind()) {
            case BYTES, DURATION, TYPE ->
                    problems.addAll(List.of(notJson("a " + Types.describe(type))));
            default -> {
                return true;
            }
        }
        return false;
    }

    /// Adds `expression.type` where it certainly is another type.
    boolean is(CelType wanted, String what, Problems problems) {
        CelType type = Types.withoutNull(type());
        if (type.equals(SimpleType.DYN) || type.kind() == wanted.kind()) {
            return true;
        }
        problems.addAll(List.of(wrongType(what, Types.describe(type))));
        return false;
    }

    Problem wrongType(String wanted, String type) {
        return Problem.at(
                expression.location(),
                "expression.type",
                "`" + Names.abbreviate(expression.source().strip()) + "` is " + type,
                "it must be " + wanted);
    }

    /// @param value not a secret
    String text(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Int _, Value.Real _, Value.Bool _ -> value.toString();
            case Value.Null _, Value.Sequence _, Value.Struct _, Value.Secret _ ->
                    throw notText(kind(value)).exception();
        };
    }

    Problem notText(String kind) {
        return Problem.at(
                expression.location(),
                "expression.not-text",
                "this is " + kind + ", which isn't put into text",
                kind.equals("null")
                        ? "say what stands for it: x == null ? '' : x"
                        : "join a list with x.join(','), or take a field of a map");
    }

    /// @throws ProblemException `expression.too-costly` where a text has become too long
    void limit(int length) {
        if (length > Meter.MAX_TEXT) {
            throw new ProblemException(Wording.tooCostly(expression));
        }
    }

    static CheckedExpression require(
            Optional<CheckedExpression> expression, List<Problem> problems) {
        return expression.orElseThrow(() -> new ProblemException(problems));
    }

    /// How messages call what a value is.
    static String kind(Value value) {
        return switch (value) {
            case Value.Null _ -> "null";
            case Value.Bool _ -> "bool";
            case Value.Int _ -> "int";
            case Value.Real _ -> "double";
            case Value.Text _ -> "string";
            case Value.Sequence _ -> "a list";
            case Value.Struct _ -> "a map";
            case Value.Secret(Value revealed) -> kind(revealed);
        };
    }
}
