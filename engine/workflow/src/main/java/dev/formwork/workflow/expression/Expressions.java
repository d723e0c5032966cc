package dev.formwork.workflow.expression;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Template;

/// Compiles what stands in `${{ }}`. Problems are collected, each with its place in the YAML:
/// `expression.syntax`, `expression.type`, `expression.unknown-reference`, `expression.too-costly`.
public final class Expressions {
    private Expressions() {}

    public static CompiledTemplate compile(Template template, Scope scope, Problems problems) {
        throw new UnsupportedOperationException("being written");
    }

    public static CompiledCondition compileBoolean(
            Expression expression, Scope scope, Problems problems) {
        throw new UnsupportedOperationException("being written");
    }

    public static CompiledList compileList(Expression expression, Scope scope, Problems problems) {
        throw new UnsupportedOperationException("being written");
    }
}
