package dev.formwork.server.machine;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import java.util.List;

/// Finds machines by what people call them.
public record MachineLookup(Store store) {
    /// @param machine a name or an id
    /// @throws ProblemException `machine.unknown`
    public Machine require(String machine) {
        List<Machine> machines = store.machines();
        return machines.stream()
                .filter(each -> each.name().equals(machine) || each.id().value().equals(machine))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "machine.unknown",
                                "there is no machine " + Names.abbreviate(machine),
                                Names.nearest(
                                                machine,
                                                machines.stream().map(Machine::name).toList())
                                        .map("did you mean %s?"::formatted)
                                        .orElse("`formwork machines` lists what there is")));
    }
}
