package dev.formwork.workflow.expression;

/// What `item` is in a step that has `for_each`.
public enum ItemKind {
    /// A machine: the list came from `groups`.
    MACHINE,
    /// Anything else; its type is known only when it is read.
    ANY
}
