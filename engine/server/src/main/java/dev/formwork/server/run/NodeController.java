package dev.formwork.server.run;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.boot.BootDesk;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.RunRecord;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The nodes of a run: shown, explained, followed, and answered for.
@Controller("/api/v1/runs/{run}/nodes")
@ExecuteOn(TaskExecutors.BLOCKING)
final class NodeController {
    private static final int MOST_BYTES = 1 << 20;

    private final RunReader reader;
    private final RunVerbs verbs;
    private final LogReader logs;
    private final BootDesk boot;
    private final Peers peers;

    NodeController(RunReader reader, RunVerbs verbs, LogReader logs, BootDesk boot, Peers peers) {
        this.boot = boot;
        this.reader = reader;
        this.verbs = verbs;
        this.logs = logs;
        this.peers = peers;
    }

    @Get
    HttpResponse<byte[]> list(
            @PathVariable String run, @QueryValue(defaultValue = "") List<String> state) {
        return Answers.items(
                reader.nodes(run, state.stream().filter(word -> !word.isEmpty()).toList()));
    }

    @Get("/{key}")
    HttpResponse<byte[]> show(@PathVariable String run, @PathVariable String key) {
        return Answers.ok(reader.node(run, key));
    }

    @Get("/{key}/explain")
    HttpResponse<byte[]> explain(
            HttpRequest<?> request, @PathVariable String run, @PathVariable String key) {
        RunRecord known = reader.require(run);
        RunReader.Shown node = reader.requireNode(known, key);
        return peers.answer(
                request,
                known.home(),
                () ->
                        Answers.ok(
                                ExplanationView.of(
                                        node.node(),
                                        verbs.explain(known, node.node().key()),
                                        boot::trouble)));
    }

    @Get("/{key}/log")
    HttpResponse<byte[]> log(
            HttpRequest<?> request,
            @PathVariable String run,
            @PathVariable String key,
            @QueryValue Optional<Integer> attempt,
            @QueryValue(defaultValue = "0") long offset,
            @QueryValue(defaultValue = "262144") int limit,
            @QueryValue(value = "wait_seconds", defaultValue = "0") int waitSeconds) {
        RunRecord known = reader.require(run);
        RunReader.Shown node = reader.requireNode(known, key);
        // Whoever has the run hears when its logs grow.
        return peers.answer(
                request,
                known.home(),
                () ->
                        answer(
                                logs.read(
                                        known,
                                        node,
                                        attempt,
                                        Math.max(0, offset),
                                        Math.clamp(limit, 1, MOST_BYTES),
                                        Duration.ofSeconds(Math.clamp(waitSeconds, 0, 60)))));
    }

    private static HttpResponse<byte[]> answer(LogReader.Piece piece) {
        MutableHttpResponse<byte[]> answer =
                Answers.bytes(HttpStatus.OK, piece.bytes(), "text/plain; charset=utf-8")
                        .header("Formwork-Next-Offset", Long.toString(piece.next()))
                        .header("Formwork-Log-Complete", Boolean.toString(piece.complete()))
                        .header("X-Content-Type-Options", "nosniff");
        piece.job().ifPresent(job -> answer.header("Formwork-Job", job.value()));
        return answer;
    }

    @Post("/{key}/resolve")
    HttpResponse<byte[]> resolve(
            HttpRequest<byte[]> request, @PathVariable String run, @PathVariable String key) {
        ResolveBody answer = ApiJson.read(request.getBody(), ResolveBody.class);
        boolean happened =
                answer.happened()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "request.missing-key",
                                        "happened says whether it did",
                                        "true or false"));
        RunRecord known = reader.require(run);
        NodeKey node = reader.requireNode(known, key).node().key();
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.resolve(
                            known,
                            node,
                            happened,
                            answer.outputs().orElse(Value.Struct.EMPTY),
                            Caller.of(request));
                    return Answers.accepted(reader.node(run, key));
                });
    }

    @Post("/{key}/skip")
    HttpResponse<byte[]> skip(
            HttpRequest<byte[]> request, @PathVariable String run, @PathVariable String key) {
        String reason =
                ApiJson.read(request.getBody(), SkipBody.class)
                        .reason()
                        .filter(text -> !text.isBlank())
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "request.missing-key",
                                        "reason says why the node is skipped",
                                        "it is kept with the node and in the events"));
        RunRecord known = reader.require(run);
        NodeKey node = reader.requireNode(known, key).node().key();
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.skip(known, node, reason, Caller.of(request));
                    return Answers.accepted(reader.node(run, key));
                });
    }

    @Post("/{key}/approve")
    HttpResponse<byte[]> approve(
            HttpRequest<?> request, @PathVariable String run, @PathVariable String key) {
        RunRecord known = reader.require(run);
        NodeKey node = reader.requireNode(known, key).node().key();
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.approveMore(known, node, Caller.of(request));
                    return Answers.accepted(reader.node(run, key));
                });
    }

    private record SkipBody(Optional<String> reason) {}

    private record ResolveBody(Optional<Boolean> happened, Optional<Value.Struct> outputs) {}
}
