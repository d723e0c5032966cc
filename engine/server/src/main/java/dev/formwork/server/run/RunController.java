package dev.formwork.server.run;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.RunRecord;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
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

/// Starts, shows, cancels and retries runs.
@Controller("/api/v1/runs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RunController {
    private final RunReader reader;
    private final RunVerbs verbs;
    private final PlanService plans;
    private final Peers peers;

    RunController(RunReader reader, RunVerbs verbs, PlanService plans, Peers peers) {
        this.reader = reader;
        this.verbs = verbs;
        this.plans = plans;
        this.peers = peers;
    }

    @Post
    HttpResponse<byte[]> start(HttpRequest<byte[]> request) {
        RunBody body = ApiJson.read(request.getBody(), RunBody.class);
        String plan =
                body.plan()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "request.missing-key",
                                        "plan says what is applied",
                                        "give the digest of a plan"));
        return peers.answer(
                request,
                plans.shard(plan),
                () -> {
                    RunId run = plans.start(plan, body.terms(), Caller.of(request));
                    return Answers.accepted(reader.show(run.value()));
                });
    }

    @Get
    HttpResponse<byte[]> list(
            @QueryValue Optional<String> cluster, @QueryValue(defaultValue = "50") int limit) {
        return Answers.items(reader.list(cluster, Math.clamp(limit, 1, 1000)));
    }

    @Get("/{run}")
    HttpResponse<byte[]> show(@PathVariable String run) {
        return Answers.ok(reader.show(run));
    }

    @Post("/{run}/cancel")
    HttpResponse<byte[]> cancel(HttpRequest<byte[]> request, @PathVariable String run) {
        RunRecord known = reader.require(run);
        boolean now = ApiJson.read(request.getBody(), CancelBody.class).now().orElse(false);
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.cancel(known, now, Caller.of(request));
                    return Answers.accepted(reader.show(run));
                });
    }

    @Post("/{run}/pause")
    HttpResponse<byte[]> pause(HttpRequest<byte[]> request, @PathVariable String run) {
        RunRecord known = reader.require(run);
        String reason = ApiJson.read(request.getBody(), ReasonBody.class).reason().orElse("");
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.pause(known, reason, Caller.of(request));
                    return Answers.accepted(reader.show(run));
                });
    }

    @Post("/{run}/resume")
    HttpResponse<byte[]> resume(HttpRequest<?> request, @PathVariable String run) {
        RunRecord known = reader.require(run);
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.resume(known, Caller.of(request));
                    return Answers.accepted(reader.show(run));
                });
    }

    @Post("/{run}/retry")
    HttpResponse<byte[]> retry(HttpRequest<byte[]> request, @PathVariable String run) {
        RunRecord known = reader.require(run);
        List<NodeKey> nodes =
                ApiJson.read(request.getBody(), RetryBody.class).nodes().orElse(List.of()).stream()
                        .map(NodeKey::parse)
                        .toList();
        return peers.answer(
                request,
                known.home(),
                () -> {
                    verbs.retry(known, nodes, Caller.of(request));
                    return Answers.accepted(reader.show(run));
                });
    }

    private record RunBody(
            Optional<String> plan, Optional<Integer> priority, Optional<Long> timeoutSeconds) {
        RunRecord.Terms terms() {
            int wanted = priority.orElse(RunRecord.Terms.STANDARD.priority());
            if (Math.abs((long) wanted) > RunRecord.Terms.HIGHEST) {
                throw ProblemException.of(
                        "request.malformed",
                        "a priority is from -%1$d to %1$d".formatted(RunRecord.Terms.HIGHEST),
                        null);
            }
            long longest = RunRecord.Terms.LONGEST.toSeconds();
            if (timeoutSeconds.filter(seconds -> seconds < 1 || seconds > longest).isPresent()) {
                throw ProblemException.of(
                        "request.malformed",
                        "the timeout of a run is from 1 to %d seconds".formatted(longest),
                        null);
            }
            return new RunRecord.Terms(wanted, timeoutSeconds.map(Duration::ofSeconds));
        }
    }

    private record CancelBody(Optional<Boolean> now) {}

    private record ReasonBody(Optional<String> reason) {}

    private record RetryBody(Optional<List<String>> nodes) {}
}
