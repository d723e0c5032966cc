package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;

import java.time.Instant;

/// Somebody who waits for a machine of a pool.
///
/// @param member the name that the machine is to have
public record PoolWait(RunId run, String cluster, String member, int priority, Instant since) {}
