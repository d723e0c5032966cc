package dev.formwork.server.machine;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads machines.
@Controller("/api/v1/machines")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MachineController {
    private final Store store;

    MachineController(Store store) {
        this.store = store;
    }

    @Get
    HttpResponse<byte[]> list(@QueryValue Optional<String> cluster) {
        return Answers.items(
                store.machines().stream()
                        .filter(machine -> cluster.isEmpty() || isMember(machine, cluster.get()))
                        .sorted(Comparator.comparing(Machine::name))
                        .map(MachineView::of)
                        .toList());
    }

    @Get("/{machine}")
    HttpResponse<byte[]> show(@PathVariable String machine) {
        List<Machine> machines = store.machines();
        return machines.stream()
                .filter(each -> each.name().equals(machine) || each.id().value().equals(machine))
                .findFirst()
                .map(MachineView::of)
                .map(Answers::ok)
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

    private static boolean isMember(Machine machine, String cluster) {
        return machine.placement().filter(at -> at.cluster().equals(cluster)).isPresent();
    }
}
