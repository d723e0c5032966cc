package dev.formwork.workflow.machine;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.Machines;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What an expression can read of a machine.
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

    /// All of it, as it is where the machine is now.
    public static Value.Struct whole(Machine machine) {
        Map<String, Value> fields = new LinkedHashMap<>(of(machine).fields());
        Optional<Machine.Placement> placement = machine.placement();
        fields.put(Machines.NAME, Value.of(machine.name()));
        fields.put(
                Machines.ORDINAL,
                placement.map(at -> Value.of((long) at.ordinal())).orElse(Value.nil()));
        fields.put(Machines.GROUP, placement.map(at -> Value.of(at.group())).orElse(Value.nil()));
        return Value.of(fields);
    }

    /// All but its name, ordinal and group.
    public static Value.Struct of(Machine machine) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(Machines.ADDRESS, machine.address().<Value>map(Value::of).orElse(Value.nil()));
        fields.put(Machines.PROVIDER, machine.provider().<Value>map(Value::of).orElse(Value.nil()));
        fields.put(Machines.FACTS, machine.facts());
        return Value.of(fields);
    }
}
