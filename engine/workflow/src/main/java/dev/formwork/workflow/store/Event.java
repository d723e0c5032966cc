package dev.formwork.workflow.store;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.Optional;

/// Something that changed, for people and programs that watch (server-sent events) and for the
/// audit.
///
/// @param id rises with every event; 0 before the store gave one
/// @param type `run.started`, `node.changed`, `machine.changed`, ...
/// @param subject what changed: a node key, a machine's name
/// @param data holds no secret
public record Event(
        long id, Instant at, String type, Optional<RunId> run, String subject, Value.Struct data) {}
