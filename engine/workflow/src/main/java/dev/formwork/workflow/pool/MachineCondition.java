package dev.formwork.workflow.pool;

import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledCondition;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineView;

import java.util.Optional;

/// Which machines will do: CEL of type bool over `machine`. Immutable.
public final class MachineCondition {
    /// Every machine will do.
    public static final MachineCondition ANY = new MachineCondition(Optional.empty());

    private final Optional<CompiledCondition> condition;

    private MachineCondition(Optional<CompiledCondition> condition) {
        this.condition = condition;
    }

    /// @param where empty for any machine
    /// @param problems gets `expression.*`
    public static MachineCondition of(Optional<Expression> where, Problems problems) {
        return where.map(expression ->
                        new MachineCondition(
                                Optional.of(
                                        Expressions.compileBoolean(
                                                expression, Scope.EMPTY.withMachine(), problems))))
                .orElse(ANY);
    }

    /// Whether the machine will do; not where that can't be evaluated on it, as when it lacks a
    /// fact.
    public boolean holds(Machine machine) {
        if (condition.isEmpty()) {
            return true;
        }
        Value view = MachineView.whole(machine);
        try {
            return condition.get().test(_ -> view);
        } catch (ProblemException e) {
            return false;
        }
    }
}
