package dev.formwork.server.metrics;

import dev.formwork.server.api.Answers;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.nio.charset.StandardCharsets;

/// Answers Prometheus.
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsController {
    private final EngineMetrics metrics;
    private final Store store;
    private final CompiledPlans plans;

    MetricsController(EngineMetrics metrics, Store store, CompiledPlans plans) {
        this.metrics = metrics;
        this.store = store;
        this.plans = plans;
    }

    @Get
    HttpResponse<byte[]> scrape() {
        return Answers.bytes(
                HttpStatus.OK,
                metrics.scrape(store, plans).getBytes(StandardCharsets.UTF_8),
                "text/plain; version=0.0.4; charset=utf-8");
    }
}
