package dev.formwork.workflow.run;

import dev.formwork.model.RunId;
import dev.formwork.workflow.plan.Plan;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// One application of an approved plan.
///
/// @param planDigest the plan it applies; no other run applies it
/// @param requestedBy who asked, for the audit record
/// @param reason of a run that did not succeed: the first failure in words
public record RunRecord(
        RunId id,
        String cluster,
        Plan.Kind kind,
        String planDigest,
        State state,
        String requestedBy,
        String reason,
        Instant createdAt,
        Optional<Instant> endedAt) {
    public enum State {
        RUNNING,
        /// No more jobs are started; those that run are being ended.
        CANCELLING,
        SUCCEEDED,
        /// Something failed and nothing else can go on; `retry` continues the run.
        FAILED,
        CANCELLED;

        public boolean ended() {
            return this == SUCCEEDED || this == FAILED || this == CANCELLED;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RunRecord withState(State next, String why) {
        return new RunRecord(
                id, cluster, kind, planDigest, next, requestedBy, why, createdAt, endedAt);
    }

    /// @param at empty for a run that goes on after all
    public RunRecord endedAt(Optional<Instant> at) {
        return new RunRecord(
                id, cluster, kind, planDigest, state, requestedBy, reason, createdAt, at);
    }
}
