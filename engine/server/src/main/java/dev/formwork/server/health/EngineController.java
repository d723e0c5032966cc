package dev.formwork.server.health;

import dev.formwork.model.Problem;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ProblemAnswer;
import dev.formwork.server.shard.Whereabouts;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says what this engine is, to whoever may know.
@Controller("/api/v1/engine")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EngineController {
    private final EngineInfo engine;
    private final Readiness readiness;
    private final Whereabouts whereabouts;

    EngineController(EngineInfo engine, Readiness readiness, Whereabouts whereabouts) {
        this.whereabouts = whereabouts;
        this.engine = engine;
        this.readiness = readiness;
    }

    @Get
    HttpResponse<byte[]> show() {
        Optional<Problem> problem = readiness.problem();
        Optional<Long> pid = engine.agentPid().get();
        return Answers.ok(
                new EngineView(
                        engine.id().value(),
                        engine.version(),
                        ProcessHandle.current().pid(),
                        engine.startedAt(),
                        problem.isEmpty() ? "up" : "down",
                        problem.map(ProblemAnswer.One::of),
                        new AgentView(
                                !engine.hasAgent()
                                        ? "disabled"
                                        : pid.isPresent() ? "running" : "starting",
                                pid),
                        engine.providers().get().entrySet().stream()
                                .map(each ->
                                        new ProviderView(
                                                each.getKey(), List.copyOf(each.getValue())))
                                .toList(),
                        whereabouts.shares().entrySet().stream()
                                .map(each ->
                                        new ShareView(
                                                each.getKey().local().toString(),
                                                each.getKey().secure().map(URI::toString),
                                                each.getValue()))
                                .toList()));
    }

    private record EngineView(
            String id,
            String version,
            long pid,
            Instant startedAt,
            String status,
            Optional<ProblemAnswer.One> problem,
            AgentView agent,
            List<ProviderView> providers,
            List<ShareView> engines) {}

    private record ShareView(String url, Optional<String> secureUrl, int shards) {}

    private record AgentView(String state, Optional<Long> pid) {}

    private record ProviderView(String name, List<String> capabilities) {}
}
