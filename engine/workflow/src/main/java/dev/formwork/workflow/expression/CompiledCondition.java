package dev.formwork.workflow.expression;

import dev.formwork.model.value.Value;

import java.util.Set;
import java.util.function.Function;

/// An expression of type bool, such as `when`. Like [CompiledTemplate] in everything else.
public interface CompiledCondition {
    Set<Reference> references();

    /// The bool itself isn't a secret, also where it was computed from one: what runs can be seen.
    ///
    /// @throws dev.formwork.model.ProblemException like [CompiledTemplate#evaluate], or
    ///   `expression.type` where only the value could tell that it isn't a bool
    boolean test(Function<Reference, Value> values);
}
