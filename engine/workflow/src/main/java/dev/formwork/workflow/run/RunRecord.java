package dev.formwork.workflow.run;

import dev.formwork.model.RunId;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.shard.Shard;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// One application of an approved plan.
///
/// @param shards all that it works in: of its cluster, its machines and its mutexes; one engine has
///   all of them
/// @param planDigest the plan it applies; no other run applies it
/// @param requestedBy who asked, for the audit record
/// @param terms on which it runs
/// @param holding it has the machines that it changes, and keeps them until it ends
/// @param deadline when it is cancelled, unless it has ended
/// @param reason why it does not go on, or did not succeed, in words: the first failure
/// @param code of what ended it before its time: `run.timeout`
/// @param epoch in which it began
public record RunRecord(
        RunId id,
        String cluster,
        Plan.Kind kind,
        SortedSet<Shard> shards,
        String planDigest,
        State state,
        String requestedBy,
        Terms terms,
        boolean holding,
        Optional<Instant> deadline,
        String reason,
        Optional<String> code,
        Instant createdAt,
        Optional<Instant> endedAt,
        Epoch epoch) {
    public RunRecord {
        shards = Collections.unmodifiableSortedSet(new TreeSet<>(shards));
    }

    public enum State {
        /// For machines that another run holds. Nothing of it has begun.
        WAITING,
        RUNNING,
        /// Starts nothing until a person resumes it; what runs goes on to its end.
        PAUSED,
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

    /// What a person may say of how a plan is run.
    ///
    /// @param priority from -100 to 100: what is higher goes first
    /// @param timeout from when the run begins, or is retried, until it is cancelled
    public record Terms(int priority, Optional<Duration> timeout) {
        public static final Terms STANDARD = new Terms(0, Optional.empty());

        /// The highest priority; the lowest is the same below zero.
        public static final int HIGHEST = 100;

        public static final Duration LONGEST = Duration.ofDays(365);
    }

    /// A run that begins, and has no machines yet.
    public static RunRecord requested(
            RunId id,
            Plan plan,
            String planDigest,
            SortedSet<Shard> shards,
            String by,
            Terms terms,
            Instant at,
            Epoch epoch) {
        return new RunRecord(
                id,
                plan.cluster(),
                plan.kind(),
                shards,
                planDigest,
                State.WAITING,
                by,
                terms,
                false,
                terms.timeout().map(at::plus),
                "",
                Optional.empty(),
                at,
                Optional.empty(),
                epoch);
    }

    /// The shard of its cluster: whoever has that has the run.
    public Shard home() {
        return Shard.ofCluster(cluster);
    }

    public RunRecord withShards(SortedSet<Shard> all) {
        return new RunRecord(
                id,
                cluster,
                kind,
                all,
                planDigest,
                state,
                requestedBy,
                terms,
                holding,
                deadline,
                reason,
                code,
                createdAt,
                endedAt,
                epoch);
    }

    public RunRecord withState(State next, String why) {
        return with(next, holding, deadline, why, code, endedAt);
    }

    /// RUNNING, with its machines.
    public RunRecord withMachines() {
        return with(State.RUNNING, true, deadline, "", code, endedAt);
    }

    public RunRecord withCode(String problemCode) {
        return with(state, holding, deadline, reason, Optional.of(problemCode), endedAt);
    }

    public RunRecord ended(State next, String why, Instant at) {
        Optional<String> cause = next == State.SUCCEEDED ? Optional.empty() : code;
        return with(next, false, deadline, why, cause, Optional.of(at));
    }

    /// Open again after it had ended, without its machines yet.
    public RunRecord reopened(Instant at) {
        return with(
                State.WAITING,
                false,
                terms.timeout().map(at::plus),
                "",
                Optional.empty(),
                Optional.empty());
    }

    private RunRecord with(
            State next,
            boolean hasMachines,
            Optional<Instant> until,
            String why,
            Optional<String> problemCode,
            Optional<Instant> end) {
        return new RunRecord(
                id,
                cluster,
                kind,
                shards,
                planDigest,
                next,
                requestedBy,
                terms,
                hasMachines,
                until,
                why,
                problemCode,
                createdAt,
                end,
                epoch);
    }
}
