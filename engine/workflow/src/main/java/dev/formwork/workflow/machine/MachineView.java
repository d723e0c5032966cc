package dev.formwork.workflow.machine;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.Machines;

import java.util.LinkedHashMap;
import java.util.Map;

/// What an expression can read of a machine beyond its name, ordinal and group.
public final class MachineView {
    private MachineView() {}

    /// Whether its address and facts are known: it has reported, even if it does not answer now,
    /// and may be given work.
    public static boolean isUp(Machine machine) {
        return switch (machine.state()) {
            case READY, UNREACHABLE -> true;
            case REQUESTED, BOOTING, HELD, GONE, REMOVING -> false;
        };
    }

    public static Value.Struct of(Machine machine) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(Machines.ADDRESS, machine.address().<Value>map(Value::of).orElse(Value.nil()));
        fields.put(Machines.PROVIDER, machine.provider().<Value>map(Value::of).orElse(Value.nil()));
        fields.put(Machines.FACTS, machine.facts());
        return Value.of(fields);
    }
}
