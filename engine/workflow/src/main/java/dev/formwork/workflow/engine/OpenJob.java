package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.run.JobRecord;

import java.time.Instant;
import java.util.Optional;

/// A job that is not closed, with what is known of it only until the engine is started anew.
final class OpenJob {
    final NodeRef node;
    final Host host;
    final Task task;

    /// It runs beside other jobs of its machine.
    final boolean parallel;

    /// What its node has while it runs.
    final Optional<Mutex> mutex;

    JobRecord record;

    /// When the engine gives up on it.
    Instant deadline;

    Timers.Entry timer;

    /// The boot in which it was offered: in another one nobody knows whether it was started.
    Optional<String> offeredIn = Optional.empty();

    /// A poll came since it was started that does not name it.
    boolean missed;

    /// When its present state was last part of an answer to a poll.
    Optional<Instant> told = Optional.empty();

    /// Bytes of log that were received, with those beyond the limit.
    long logLength;

    /// @param waited as what the node waited for the job
    OpenJob(Waiting waited, Task task, JobRecord record, Instant deadline, Timers.Entry timer) {
        this.node = waited.node();
        this.host = waited.host();
        this.parallel = waited.parallel();
        this.mutex = waited.mutex();
        this.task = task;
        this.record = record;
        this.deadline = deadline;
        this.timer = timer;
    }

    JobId id() {
        return record.id();
    }

    JobRecord.State state() {
        return record.state();
    }
}
