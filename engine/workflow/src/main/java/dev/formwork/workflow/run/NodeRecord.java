package dev.formwork.workflow.run;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Instant;
import java.util.Optional;

/// One node of a run: a StepRun, or a machine's making and removal.
///
/// @param attempt how many attempts were begun, from 0
/// @param phase of the attempt: 1, and one more after each reboot the task asked for
/// @param token the fencing token of its latest job; rises with every job, never falls
/// @param job the job that runs or ran last
/// @param reason why it is in this state, in words
/// @param code of a failure, such as `step.timeout`
/// @param question what only a person can answer: it did or did not happen (`formwork resolve`), or
///   an approval; empty where nothing is asked
/// @param wakeAt when a delay or a deadline passes
public record NodeRecord(
        RunId run,
        NodeKey key,
        NodeState state,
        int attempt,
        int phase,
        long token,
        Optional<JobId> job,
        String reason,
        Optional<String> code,
        Optional<Question> question,
        Optional<Instant> wakeAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public enum Question {
        /// An at-most-once step may or may not have happened.
        DID_IT_HAPPEN,
        /// It would do more than was approved.
        APPROVE_MORE
    }

    public static NodeRecord blocked(RunId run, NodeKey key) {
        return new NodeRecord(
                run,
                key,
                NodeState.BLOCKED,
                0,
                1,
                0,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
