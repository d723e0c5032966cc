package dev.formwork.server.machine;

import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;

import java.util.function.Function;

/// Answers what is about one machine at the engine that has it.
final class MachinePlace {
    private final MachineLookup machines;
    private final Peers peers;

    MachinePlace(Store store, Peers peers) {
        this.machines = new MachineLookup(store);
        this.peers = peers;
    }

    /// @param machine a name or an id
    /// @throws dev.formwork.model.ProblemException `machine.unknown`; what `here` throws
    HttpResponse<byte[]> answer(
            HttpRequest<?> request, String machine, Function<Machine, HttpResponse<byte[]>> here) {
        Machine found = machines.require(machine);
        return peers.answer(request, Shard.of(found), () -> here.apply(found));
    }
}
