package dev.formwork.server.cluster;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.run.RunView;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads clusters, and marks steps to run again.
@Controller("/api/v1/clusters")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterController {
    private final Store store;
    private final EngineLoop loop;
    private final Peers peers;

    ClusterController(Store store, EngineLoop loop, Peers peers) {
        this.peers = peers;
        this.store = store;
        this.loop = loop;
    }

    @Get
    HttpResponse<byte[]> list() {
        Map<String, Cluster> recorded = new HashMap<>();
        store.clusters().forEach(cluster -> recorded.put(cluster.name(), cluster));
        List<Machine> machines = store.machines();
        return Answers.items(
                names(recorded.keySet(), machines).stream()
                        .map(name ->
                                ClusterView.of(
                                        name,
                                        Optional.ofNullable(recorded.get(name)),
                                        machines,
                                        lastRun(name)))
                        .toList());
    }

    @Get("/{cluster}")
    HttpResponse<byte[]> show(@PathVariable String cluster) {
        Optional<Cluster> recorded = store.cluster(cluster);
        List<Machine> machines = store.machines();
        SortedSet<String> known =
                names(store.clusters().stream().map(Cluster::name).toList(), machines);
        if (!known.contains(cluster)) {
            throw ProblemException.of(
                    "cluster.unknown",
                    "there is no cluster " + Names.abbreviate(cluster),
                    Names.nearest(cluster, known)
                            .map("did you mean %s?"::formatted)
                            .orElse("`formwork clusters` lists what there is"));
        }
        return Answers.ok(ClusterView.of(cluster, recorded, machines, lastRun(cluster)));
    }

    @Post("/{cluster}/taint")
    HttpResponse<byte[]> taint(HttpRequest<byte[]> request, @PathVariable String cluster) {
        NodeKey node =
                NodeKey.parse(
                        ApiJson.read(request.getBody(), TaintBody.class)
                                .node()
                                .orElseThrow(() ->
                                        ProblemException.of(
                                                "request.missing-key",
                                                "node says what is to run again",
                                                "such as member@demo-members-0")));
        return peers.answer(
                request,
                Shard.ofCluster(cluster),
                () -> {
                    Reply reply =
                            EngineLoop.join(
                                    loop.submitSettled(() ->
                                            new Input.Taint(
                                                    result(cluster, node),
                                                    store.runs(Optional.of(cluster), 1).stream()
                                                            .map(RunRecord::id)
                                                            .findFirst(),
                                                    Caller.of(request))));
                    EngineLoop.expect(reply, Reply.Done.class);
                    return Answers.noContent();
                });
    }

    private StepResult result(String cluster, NodeKey node) {
        return store.results(cluster).stream()
                .filter(result -> result.key().equals(node))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "node.unknown",
                                "no result of %s is recorded in cluster %s"
                                        .formatted(node, Names.abbreviate(cluster)),
                                "what has not run runs anyway"));
    }

    private Optional<RunView> lastRun(String cluster) {
        return store.runs(Optional.of(cluster), 1).stream().findFirst().map(RunView::of);
    }

    /// Those recorded, and those of which a first run has made machines.
    private static SortedSet<String> names(Collection<String> recorded, List<Machine> machines) {
        TreeSet<String> names = new TreeSet<>(recorded);
        machines.forEach(machine ->
                machine.placement().ifPresent(placement -> names.add(placement.cluster())));
        return names;
    }

    private record TaintBody(Optional<String> node) {}
}
