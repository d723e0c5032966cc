package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Follows machines through a checked expression and finds which references to them are live: of
/// which something is read that is known only once the machine is up. Where it loses sight of a
/// machine (it becomes part of a result, an argument of a function that may look at all of it, a
/// `dyn`), the reference is live.
final class MachineFlow {
    /// They hand machines on without looking at them.
    private static final Set<String> TRANSPARENT =
            Set.of("_+_", "_[_]", "_?_:_", "reverse", "slice", "flatten");

    private final CelAbstractSyntaxTree ast;
    private final Map<String, Reference> machines;
    private final Map<String, Set<Reference>> variables = new HashMap<>();
    private final Set<Reference> live = new HashSet<>();

    /// @param machines references to machines, by the names of their CEL variables
    private MachineFlow(CelAbstractSyntaxTree ast, Map<String, Reference> machines) {
        this.ast = ast;
        this.machines = machines;
    }

    /// @param itemsAreNames a list of machines as the result reads no more of them than who they
    ///   are
    static Set<Reference> live(
            CelAbstractSyntaxTree ast, Map<String, Reference> machines, boolean itemsAreNames) {
        if (machines.isEmpty()) {
            return Set.of();
        }
        MachineFlow flow = new MachineFlow(ast, machines);
        Set<Reference> result = flow.origins(ast.getExpr());
        if (!(itemsAreNames && isListOfMachines(ast.getResultType()))) {
            flow.live.addAll(result);
        }
        return flow.live;
    }

    static boolean isListOfMachines(CelType type) {
        return type instanceof ListType list && isMachine(list.elemType());
    }

    /// The references whose machines may be in the value of `expr`.
    private Set<Reference> origins(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> identifier(expr);
            case SELECT -> select(expr);
            case CALL -> call(expr);
            case COMPREHENSION -> comprehension(expr.comprehension(), expr);
            case LIST, MAP, STRUCT -> keep(expr, originsOfChildren(expr));
            case CONSTANT, NOT_SET -> Set.of();
        };
    }

    private @Nullable Reference machine(CelExpr expr) {
        CelReference reference = ast.getReferenceMap().get(expr.id());
        return reference == null ? null : machines.get(reference.name());
    }

    private Set<Reference> identifier(CelExpr expr) {
        Reference machine = machine(expr);
        if (machine != null) {
            return Set.of(machine);
        }
        // The index that a macro counts holds none, where its items do.
        return holdsMachine(type(expr))
                ? variables.getOrDefault(expr.ident().name(), Set.of())
                : Set.of();
    }

    private Set<Reference> select(CelExpr expr) {
        Reference machine = machine(expr);
        if (machine != null) {
            return Set.of(machine);
        }
        if (ast.getReferenceMap().containsKey(expr.id())) {
            return Set.of();
        }
        CelExpr operand = expr.select().operand();
        Set<Reference> origins = origins(operand);
        if (isMachine(type(operand))) {
            if (!Machines.STATIC_FIELDS.contains(expr.select().field())) {
                live.addAll(origins);
            }
            return Set.of();
        }
        return keep(expr, origins);
    }

    private Set<Reference> call(CelExpr expr) {
        Set<Reference> origins = new HashSet<>();
        Syntax.arguments(expr).forEach(argument -> origins.addAll(origins(argument)));
        String function = expr.call().function();
        if (function.equals("size")) {
            return Set.of();
        }
        if (!TRANSPARENT.contains(function)) {
            live.addAll(origins);
            return Set.of();
        }
        return keep(expr, origins);
    }

    private Set<Reference> comprehension(CelExpr.CelComprehension loop, CelExpr expr) {
        Set<Reference> range = origins(loop.iterRange());
        Set<Reference> accumulated = new HashSet<>(origins(loop.accuInit()));
        Map<String, Set<Reference>> outer = new HashMap<>(variables);
        variables.put(loop.iterVar(), range);
        if (!loop.iterVar2().isEmpty()) {
            variables.put(loop.iterVar2(), range);
        }
        variables.put(loop.accuVar(), accumulated);
        // The second time the accumulator holds what the first time put into it.
        accumulated.addAll(origins(loop.loopStep()));
        accumulated.addAll(origins(loop.loopStep()));
        Set<Reference> condition = origins(loop.loopCondition());
        live.addAll(condition);
        variables.remove(loop.iterVar());
        Set<Reference> result = origins(loop.result());
        variables.clear();
        variables.putAll(outer);
        return keep(expr, result);
    }

    private Set<Reference> originsOfChildren(CelExpr expr) {
        Set<Reference> origins = new HashSet<>();
        Syntax.children(expr).forEach(child -> origins.addAll(origins(child)));
        return origins;
    }

    /// What went into `expr`, if its type still tells where the machines are.
    private Set<Reference> keep(CelExpr expr, Set<Reference> origins) {
        if (origins.isEmpty() || holdsMachine(type(expr))) {
            return origins;
        }
        live.addAll(origins);
        return Set.of();
    }

    private @Nullable CelType type(CelExpr expr) {
        return ast.getTypeMap().get(expr.id());
    }

    private static boolean isMachine(@Nullable CelType type) {
        return type != null && type.name().equals(Language.MACHINE.name());
    }

    static boolean holdsMachine(@Nullable CelType type) {
        return type != null
                && (isMachine(type)
                        || type.parameters().stream().anyMatch(MachineFlow::holdsMachine));
    }
}
