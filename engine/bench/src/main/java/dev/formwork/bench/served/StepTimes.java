package dev.formwork.bench.served;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One step of a run, as the engine's events tell of it. It is ready from the transition that freed
/// it, before that was durable, and has started with the one that took the agent's word for it: so
/// the time between holds all writes to the disk that are needed.
///
/// @param node such as `step_1@machine-7`
/// @param started milliseconds since it was ready
/// @param succeeded milliseconds since it was ready
public record StepTimes(String node, double started, double succeeded) {
    /// @param events of one run, in order
    public static List<StepTimes> of(List<JsonNode> events) {
        Map<String, Instant> ready = new HashMap<>();
        Map<String, Instant> started = new HashMap<>();
        List<StepTimes> times = new ArrayList<>();
        for (JsonNode event : events) {
            Instant at = Instant.parse(event.path("at").asString());
            String subject = event.path("subject").asString();
            JsonNode data = event.path("data");
            String change = event.path("type").asString() + " " + data.path("state").asString();
            switch (change) {
                case "node.changed ready" -> ready.putIfAbsent(subject, at);
                case "job.changed started" -> started.putIfAbsent(data.path("node").asString(), at);
                case "node.changed succeeded" -> {
                    Optional<Instant> from = Optional.ofNullable(ready.get(subject));
                    Optional<Instant> between = Optional.ofNullable(started.get(subject));
                    if (from.isPresent() && between.isPresent()) {
                        times.add(
                                new StepTimes(
                                        subject,
                                        milliseconds(from.get(), between.get()),
                                        milliseconds(from.get(), at)));
                    }
                }
                default -> {}
            }
        }
        return times;
    }

    private static double milliseconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
