package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelExpr;
import dev.formwork.model.Location;
import dev.formwork.model.module.Expression;

import java.util.ArrayList;
import java.util.List;

/// What the walks over an expression's tree share.
final class Syntax {
    private Syntax() {}

    /// Those that are evaluated, in the order they are.
    static List<CelExpr> children(CelExpr expr) {
        List<CelExpr> children = new ArrayList<>();
        switch (expr.getKind()) {
            case SELECT -> children.add(expr.select().operand());
            case CALL -> children.addAll(arguments(expr));
            case LIST -> children.addAll(expr.list().elements());
            case MAP ->
                    expr.map()
                            .entries()
                            .forEach(entry -> {
                                children.add(entry.key());
                                children.add(entry.value());
                            });
            case STRUCT -> expr.struct().entries().forEach(entry -> children.add(entry.value()));
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = expr.comprehension();
                children.add(loop.iterRange());
                children.add(loop.accuInit());
                children.add(loop.loopCondition());
                children.add(loop.loopStep());
                children.add(loop.result());
            }
            case IDENT, CONSTANT, NOT_SET -> {}
        }
        return children;
    }

    /// The target, if there is one, and then the arguments.
    static List<CelExpr> arguments(CelExpr call) {
        List<CelExpr> arguments = new ArrayList<>();
        call.call().target().ifPresent(arguments::add);
        arguments.addAll(call.call().args());
        return arguments;
    }

    static boolean isIdent(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT;
    }

    /// The accumulator of a macro; no user can write such a name.
    static boolean isHiddenVariable(CelExpr expr) {
        return isIdent(expr) && expr.ident().name().startsWith("@");
    }

    static Location place(Expression expression, CelAbstractSyntaxTree ast, long id, int further) {
        Integer offset = ast.getSource().getPositionsMap().get(id);
        return offset == null
                ? expression.location()
                : place(expression, ast.getSource(), offset + further);
    }

    static Location place(Expression expression, CelSource source, int offset) {
        return source.getOffsetLocation(offset)
                .map(location -> place(expression, location))
                .orElse(expression.location());
    }

    /// CEL counts lines from 1 and columns from 0. How far further lines are indented in the YAML
    /// isn't known here.
    static Location place(Expression expression, CelSourceLocation inside) {
        Location start = expression.location();
        if (inside.getLine() < 1) {
            return start;
        }
        int column = Math.max(0, inside.getColumn());
        return inside.getLine() == 1
                ? new Location(start.file(), start.line(), start.column() + column)
                : new Location(start.file(), start.line() + inside.getLine() - 1, column + 1);
    }
}
