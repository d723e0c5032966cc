package dev.formwork.workflow.expression;

import java.util.Set;

/// What a machine looks like to an expression: a [dev.formwork.model.value.Value.Struct] with these
/// fields.
public final class Machines {
    public static final String NAME = "name";
    public static final String ORDINAL = "ordinal";
    public static final String GROUP = "group";
    public static final String ADDRESS = "address";
    public static final String PROVIDER = "provider";
    public static final String FACTS = "facts";

    /// Known as soon as the machine is planned; an expression that reads only these isn't live.
    public static final Set<String> STATIC_FIELDS = Set.of(NAME, ORDINAL, GROUP);

    private Machines() {}
}
