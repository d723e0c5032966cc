package dev.formwork.agent.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/// What is remembered of one job.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JournalEntry.Held.class, name = "held"),
    @JsonSubTypes.Type(value = JournalEntry.Over.class, name = "over")
})
public sealed interface JournalEntry {
    /// Names the job, and the file.
    JobId id();

    /// A job whose result is not acknowledged. It may be running.
    ///
    /// @param bootId of the boot in which it was taken
    /// @param stopping how it will end, once its end has begun
    /// @param report its result, once it is known
    record Held(Job job, String bootId, @Nullable Outcome stopping, @Nullable Report report)
            implements JournalEntry {
        public Held {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(bootId, "bootId");
        }

        @Override
        public JobId id() {
            return job.id();
        }

        /// The same, with its end begun.
        public Held stopping(Outcome outcome) {
            return new Held(job, bootId, outcome, report);
        }

        /// The same, with its result.
        public Held ended(Report result) {
            return new Held(job, bootId, stopping, result);
        }
    }

    /// A job that is over: what is left is what keeps it from being started again.
    ///
    /// @param outcome null where the engine no longer wanted to know
    /// @param bootId of the boot in which it was over
    record Over(
            JobId id, long token, int phase, @Nullable Outcome outcome, String bootId, Instant at)
            implements JournalEntry {
        public Over {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(bootId, "bootId");
            Objects.requireNonNull(at, "at");
        }

        /// Whether this phase was over already, or one after it.
        public boolean covers(long otherToken, int otherPhase) {
            return token > otherToken || (token == otherToken && phase >= otherPhase);
        }
    }
}
