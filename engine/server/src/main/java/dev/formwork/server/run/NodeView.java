package dev.formwork.server.run;

import dev.formwork.model.JobId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// `Node` of the API.
record NodeView(
        String key,
        String action,
        Optional<String> machine,
        Optional<LoadedModule.Lock> module,
        String state,
        int attempt,
        int phase,
        int iteration,
        Optional<String> job,
        String reason,
        Optional<String> code,
        Optional<String> question,
        Optional<Instant> wakeAt,
        Optional<String> mutex,
        Optional<Instant> inLineSince,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    static NodeView of(NodeRecord node, PlannedNode planned) {
        return new NodeView(
                node.key().toString(),
                planned.action().name().toLowerCase(Locale.ROOT),
                node.key().machine(),
                planned.module(),
                node.state().word(),
                node.attempt(),
                node.phase(),
                node.iteration(),
                node.job().map(JobId::value),
                node.reason(),
                node.code(),
                node.question().map(question -> question.name().toLowerCase(Locale.ROOT)),
                node.wakeAt(),
                node.place().flatMap(NodeRecord.Place::mutex).map(Mutex::name),
                node.place().map(NodeRecord.Place::since),
                node.startedAt(),
                node.endedAt());
    }
}
