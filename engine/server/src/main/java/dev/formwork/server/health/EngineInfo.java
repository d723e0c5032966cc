package dev.formwork.server.health;

import dev.formwork.model.EngineId;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Supplier;

/// What this engine is.
///
/// @param agentPid the process of the engine's own agent, while there is one
/// @param providers name to the capabilities it offers
public record EngineInfo(
        EngineId id,
        String version,
        Instant startedAt,
        boolean hasAgent,
        Supplier<Optional<Long>> agentPid,
        Supplier<SortedMap<String, SortedSet<String>>> providers) {}
