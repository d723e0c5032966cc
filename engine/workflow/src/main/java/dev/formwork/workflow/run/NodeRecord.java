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

    /// In another state, with nothing failed, asked or waited for.
    public NodeRecord to(NodeState next, String why) {
        return new NodeRecord(
                run,
                key,
                next,
                attempt,
                phase,
                token,
                job,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                startedAt,
                Optional.empty());
    }

    /// @param next one of those that are [NodeState#ended]
    public NodeRecord ended(NodeState next, String why, Instant at) {
        return new NodeRecord(
                run,
                key,
                next,
                attempt,
                phase,
                token,
                job,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                startedAt,
                Optional.of(at));
    }

    public NodeRecord failed(String problemCode, String why, Instant at) {
        return ended(NodeState.FAILED, why, at).withCode(problemCode);
    }

    public NodeRecord asking(Question asked, String why) {
        return new NodeRecord(
                run,
                key,
                NodeState.WAITING,
                attempt,
                phase,
                token,
                job,
                why,
                Optional.empty(),
                Optional.of(asked),
                Optional.empty(),
                startedAt,
                Optional.empty());
    }

    public NodeRecord withWakeAt(Instant at) {
        return new NodeRecord(
                run,
                key,
                state,
                attempt,
                phase,
                token,
                job,
                reason,
                code,
                question,
                Optional.of(at),
                startedAt,
                endedAt);
    }

    public NodeRecord withCode(String problemCode) {
        return new NodeRecord(
                run,
                key,
                state,
                attempt,
                phase,
                token,
                job,
                reason,
                Optional.of(problemCode),
                question,
                wakeAt,
                startedAt,
                endedAt);
    }

    /// RUNNING, one attempt further, with the token of that attempt.
    public NodeRecord attempting(Optional<JobId> next, String why, Instant at) {
        return new NodeRecord(
                run,
                key,
                NodeState.RUNNING,
                attempt + 1,
                1,
                token + 1,
                next.or(() -> job),
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                startedAt.or(() -> Optional.of(at)),
                Optional.empty());
    }

    public NodeRecord inPhase(int next) {
        return new NodeRecord(
                run, key, state, attempt, next, token, job, reason, code, question, wakeAt,
                startedAt, endedAt);
    }

    /// With a token that no job has: reports of those before are refused.
    public NodeRecord fenced() {
        return new NodeRecord(
                run, key, state, attempt, phase, token + 1, job, reason, code, question, wakeAt,
                startedAt, endedAt);
    }
}
