package dev.formwork.workflow.run;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Instant;
import java.util.Optional;

/// One node of a run: a StepRun, or a machine's making and removal.
///
/// @param attempt how many attempts were begun, from 0
/// @param phase of the attempt: 1, and one more after each reboot the task asked for
/// @param iteration how many times its task has ended well and not as `until` wants it
/// @param token the fencing token of its latest job; rises with every job, never falls
/// @param job the job that runs or ran last
/// @param reason why it is in this state, in words
/// @param code of a failure, such as `step.timeout`
/// @param question what only a person can answer: it did or did not happen (`formwork resolve`), or
///   an approval; empty where nothing is asked
/// @param wakeAt when a delay or a deadline passes
/// @param place in the line for its machine, kept until the job that it got is over
public record NodeRecord(
        RunId run,
        NodeKey key,
        NodeState state,
        int attempt,
        int phase,
        int iteration,
        long token,
        Optional<JobId> job,
        String reason,
        Optional<String> code,
        Optional<Question> question,
        Optional<Instant> wakeAt,
        Optional<Place> place,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public enum Question {
        /// An at-most-once step may or may not have happened.
        DID_IT_HAPPEN,
        /// It would do more than was approved.
        APPROVE_MORE
    }

    /// @param since when the node joined the line
    /// @param mutex what it also waits for, and has while it runs
    public record Place(Instant since, Optional<Mutex> mutex) {}

    public static NodeRecord blocked(RunId run, NodeKey key) {
        return new NodeRecord(
                run,
                key,
                NodeState.BLOCKED,
                0,
                1,
                0,
                0,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// In another state, with nothing failed, asked or waited for. What runs keeps its place.
    public NodeRecord to(NodeState next, String why) {
        return new NodeRecord(
                run,
                key,
                next,
                attempt,
                phase,
                iteration,
                token,
                job,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                next == NodeState.RUNNING ? place : Optional.empty(),
                startedAt,
                Optional.empty());
    }

    /// In a line, READY or WAITING.
    public NodeRecord inLine(NodeState next, String why, Place place) {
        return to(next, why)
                .with(Optional.empty(), Optional.empty(), phase, token, Optional.of(place));
    }

    /// @param next one of those that are [NodeState#ended]
    public NodeRecord ended(NodeState next, String why, Instant at) {
        return new NodeRecord(
                run,
                key,
                next,
                attempt,
                phase,
                iteration,
                token,
                job,
                why,
                Optional.empty(),
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
                iteration,
                token,
                job,
                why,
                Optional.empty(),
                Optional.of(asked),
                Optional.empty(),
                Optional.empty(),
                startedAt,
                Optional.empty());
    }

    public NodeRecord withWakeAt(Instant at) {
        return with(code, Optional.of(at), phase, token, place);
    }

    public NodeRecord withCode(String problemCode) {
        return with(Optional.of(problemCode), wakeAt, phase, token, place);
    }

    /// RUNNING, one attempt further, with the token of that attempt.
    public NodeRecord attempting(Optional<JobId> next, String why, Instant at) {
        return new NodeRecord(
                run,
                key,
                NodeState.RUNNING,
                attempt + 1,
                1,
                iteration,
                token + 1,
                next.or(() -> job),
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                place,
                startedAt.or(() -> Optional.of(at)),
                Optional.empty());
    }

    /// With a token that is at least this.
    public NodeRecord above(long floor) {
        return with(code, wakeAt, phase, Math.max(token, floor), place);
    }

    public NodeRecord inPhase(int next) {
        return with(code, wakeAt, next, token, place);
    }

    /// With a token that no job has: reports of those before are refused.
    public NodeRecord fenced() {
        return with(code, wakeAt, phase, token + 1, place);
    }

    private NodeRecord with(
            Optional<String> problemCode,
            Optional<Instant> wake,
            int inPhase,
            long withToken,
            Optional<Place> place) {
        return new NodeRecord(
                run,
                key,
                state,
                attempt,
                inPhase,
                iteration,
                withToken,
                job,
                reason,
                problemCode,
                question,
                wake,
                place,
                startedAt,
                endedAt);
    }

    /// Once more its task has ended well, and not as `until` wants it.
    public NodeRecord iterated() {
        return new NodeRecord(
                run,
                key,
                state,
                attempt,
                phase,
                iteration + 1,
                token,
                job,
                reason,
                code,
                question,
                wakeAt,
                place,
                startedAt,
                endedAt);
    }

    /// How many of its attempts did not end well.
    public int failures() {
        return attempt - iteration;
    }
}
