package dev.formwork.workflow.store;

import dev.formwork.model.RunId;

import java.time.Instant;
import java.util.Optional;

/// A person's consent to a plan.
///
/// @param planDigest what was approved, exactly
/// @param by who, for the audit record
/// @param expiresAt after which it can start no run
/// @param usedBy the run that applied the plan: a plan applies once
public record Approval(
        String planDigest, String by, Instant at, Instant expiresAt, Optional<RunId> usedBy) {}
