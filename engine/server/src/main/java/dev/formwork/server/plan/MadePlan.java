package dev.formwork.server.plan;

import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.store.Approval;

import java.util.List;
import java.util.Optional;

/// A plan under its digest.
///
/// @param drift what the refresh found to be other than recorded, in words
public record MadePlan(String digest, Plan plan, List<String> drift, Optional<Approval> approval) {
    public MadePlan {
        drift = List.copyOf(drift);
    }
}
