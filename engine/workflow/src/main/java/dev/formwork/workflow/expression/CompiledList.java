package dev.formwork.workflow.expression;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// An expression of type list, such as `for_each`. Like [CompiledTemplate] in everything else.
public interface CompiledList {
    /// Machines that are merely its items don't make a reference live: whether the step reads
    /// something live of its `item` is told by the references of its templates.
    Set<Reference> references();

    ItemKind itemKind();

    /// Where the list was computed from a secret, each item is one.
    ///
    /// @throws dev.formwork.model.ProblemException like [CompiledTemplate#evaluate], or
    ///   `expression.type` where only the value could tell that it isn't a list
    List<Value> items(Function<Reference, Value> values);
}
