package dev.formwork.workflow.expression;

import dev.formwork.model.value.Value;

import java.util.Set;
import java.util.function.Function;

/// A [dev.formwork.model.module.Template] that was checked and can be evaluated again and again.
/// Immutable and thread-safe. One in which problems were found has no references, and evaluating it
/// throws them.
public interface CompiledTemplate {
    /// Everything that it reads, in the order it is first written.
    Set<Reference> references();

    /// Asks only for members of [#references], each at most once per expression inside.
    ///
    /// Text or an expression that reads a secret is a [Value.Secret] as a whole; fields and items
    /// beside it stay as they are.
    ///
    /// @throws dev.formwork.model.ProblemException `expression.failed` (no such key, division by
    ///   zero, ...), `expression.too-costly`, `expression.not-text`, `expression.not-json`, each
    ///   with its place
    Value evaluate(Function<Reference, Value> values);
}
