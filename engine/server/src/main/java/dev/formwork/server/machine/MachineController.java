package dev.formwork.server.machine;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.graph.Parameter;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads machines: the records, with the last calls of their agents from the core, which notes more
/// of them than it stores; in a list, those of other engines' machines are as they are stored. Sets
/// their parameters.
@Controller("/api/v1/machines")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MachineController {
    private final Store store;
    private final EngineLoop loop;
    private final MachineParameters parameters;
    private final Peers peers;

    MachineController(Store store, EngineLoop loop, MachineParameters parameters, Peers peers) {
        this.peers = peers;
        this.store = store;
        this.loop = loop;
        this.parameters = parameters;
    }

    @Get
    HttpResponse<byte[]> list(@QueryValue Optional<String> cluster) {
        return Answers.items(
                views(
                        store.machines().stream()
                                .filter(machine ->
                                        cluster.isEmpty() || isMember(machine, cluster.get()))
                                .sorted(Comparator.comparing(Machine::name))
                                .toList()));
    }

    @Get("/{machine}")
    HttpResponse<byte[]> show(HttpRequest<?> request, @PathVariable String machine) {
        Machine found = find(machine);
        // Whoever has it knows when its agent called last.
        return peers.answer(
                request, Shard.of(found), () -> Answers.ok(views(List.of(found)).getFirst()));
    }

    @Get("/{machine}/params")
    HttpResponse<byte[]> params(@PathVariable String machine) {
        return Answers.ok(view(find(machine)));
    }

    @Post("/{machine}/params")
    HttpResponse<byte[]> setParams(HttpRequest<byte[]> request, @PathVariable String machine) {
        ParamsBody wanted = ApiJson.read(request.getBody(), ParamsBody.class);
        Machine found = find(machine);
        return peers.answer(
                request,
                Shard.of(found),
                () -> {
                    parameters.set(
                            found,
                            wanted.set().map(Value.Struct::fields).orElse(Map.of()),
                            Set.copyOf(wanted.unset().orElse(List.of())),
                            wanted.profiles(),
                            Caller.of(request));
                    return Answers.ok(view(find(machine)));
                });
    }

    @Post("/{machine}/approve")
    HttpResponse<byte[]> approve(HttpRequest<byte[]> request, @PathVariable String machine) {
        ApproveBody wanted = ApiJson.read(request.getBody(), ApproveBody.class);
        Machine found = find(machine);
        return peers.answer(
                request,
                Shard.of(found),
                () -> {
                    tell(new Input.ApproveMachine(found.name(), wanted.code(), Caller.of(request)));
                    return Answers.ok(views(List.of(find(machine))).getFirst());
                });
    }

    @Post("/{machine}/forget")
    HttpResponse<byte[]> forget(HttpRequest<byte[]> request, @PathVariable String machine) {
        Machine found = find(machine);
        return peers.answer(
                request,
                Shard.of(found),
                () -> {
                    MachineView last = views(List.of(found)).getFirst();
                    tell(new Input.ForgetMachine(found.name(), Caller.of(request)));
                    return Answers.ok(last);
                });
    }

    @Post("/{machine}/reinstall")
    HttpResponse<byte[]> reinstall(HttpRequest<byte[]> request, @PathVariable String machine) {
        Machine found = find(machine);
        return peers.answer(
                request,
                Shard.of(found),
                () -> {
                    tell(new Input.Reinstall(found.name(), Caller.of(request)));
                    return Answers.ok(views(List.of(find(machine))).getFirst());
                });
    }

    private void tell(Input input) {
        EngineLoop.join(loop.call(input, Reply.Done.class));
    }

    private record ApproveBody(Optional<String> code) {}

    private ParamsView view(Machine machine) {
        return new ParamsView(machine.name(), machine.params().profiles(), parameters.of(machine));
    }

    private record ParamsBody(
            Optional<Value.Struct> set,
            Optional<List<String>> unset,
            Optional<List<String>> profiles) {}

    private record ParamsView(String machine, List<String> profiles, List<Parameter> params) {}

    private Machine find(String machine) {
        return new MachineLookup(store).require(machine);
    }

    private List<MachineView> views(List<Machine> machines) {
        Map<MachineId, Instant> calls = calls(machines);
        return machines.stream()
                .map(machine ->
                        MachineView.of(machine, Optional.ofNullable(calls.get(machine.id()))))
                .toList();
    }

    /// An engine that takes no work, as when its disk is full, shows what is stored.
    private Map<MachineId, Instant> calls(List<Machine> machines) {
        try {
            return EngineLoop.join(
                    loop.ask(core -> {
                        Map<MachineId, Instant> calls = new HashMap<>();
                        machines.forEach(machine ->
                                core.lastCall(machine.id())
                                        .ifPresent(at -> calls.put(machine.id(), at)));
                        return calls;
                    }));
        } catch (ProblemException _) {
            return Map.of();
        }
    }

    private static boolean isMember(Machine machine, String cluster) {
        return machine.placement().filter(at -> at.cluster().equals(cluster)).isPresent();
    }
}
