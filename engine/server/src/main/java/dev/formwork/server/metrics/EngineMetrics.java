package dev.formwork.server.metrics;

import dev.formwork.server.loop.LoopMetrics;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// The engine's metrics, under `formwork_`. Thread-safe.
public final class EngineMetrics implements LoopMetrics {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter transitions;
    private final Timer commits;
    private final DistributionSummary changes;
    private final AtomicReference<Map<NodeState, Integer>> nodes = new AtomicReference<>(Map.of());

    public EngineMetrics() {
        transitions =
                Counter.builder("formwork.transitions")
                        .description("Inputs that the engine's core was stepped with.")
                        .register(registry);
        commits =
                Timer.builder("formwork.commit")
                        .description("From handing changes to the store until they are durable.")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofNanos(100_000))
                        .maximumExpectedValue(Duration.ofSeconds(10))
                        .register(registry);
        changes =
                DistributionSummary.builder("formwork.commit.changes")
                        .description("Changes that were committed together.")
                        .register(registry);
        for (NodeState state : NodeState.values()) {
            Gauge.builder("formwork.nodes", nodes, now -> now.get().getOrDefault(state, 0))
                    .description("Nodes of the runs that have not ended.")
                    .tag("state", state.word())
                    .register(registry);
        }
        new UptimeMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
    }

    /// Adds a number that is asked for when somebody reads the metrics.
    ///
    /// @param name such as `formwork.polls.held`
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /// Counts a run that has ended.
    public void runEnded(RunRecord.State state) {
        Counter.builder("formwork.runs.ended")
                .description("Runs that have ended.")
                .tag("state", state.word())
                .register(registry)
                .increment();
    }

    @Override
    public void stepped(int count) {
        transitions.increment(count);
    }

    @Override
    public void committed(int count, Duration latency) {
        commits.record(latency);
        changes.record(count);
    }

    /// Prometheus' text format, version 0.0.4.
    ///
    /// @param plans says how many nodes a run has: those that were never anything but blocked are
    ///   not stored
    String scrape(Store store, CompiledPlans plans) {
        Map<NodeState, Integer> counts = new EnumMap<>(NodeState.class);
        for (RunRecord run : store.openRuns()) {
            List<NodeRecord> moved = store.nodes(run.id());
            moved.forEach(node -> counts.merge(node.state(), 1, Integer::sum));
            int others = plans.plan(run.planDigest()).nodes().size() - moved.size();
            counts.merge(NodeState.BLOCKED, others, Integer::sum);
        }
        nodes.set(counts);
        return registry.scrape();
    }
}
