package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;

import java.time.Duration;
import java.util.List;

/// The answer to an [Input], to be given once its transition is durable.
public sealed interface Reply {
    record Done() implements Reply {}

    /// Nothing was changed, except where the refusal itself is what happened.
    record Refused(Problem problem) implements Reply {}

    record Registered(MachineId machine, String name) implements Reply {}

    /// @param hold nothing new to say: keep the poll until [Effect.WakeAgent] or its time is up,
    ///   then ask by [Input.Repoll] and answer with that, never with what was said when the poll
    ///   came
    record Polled(List<Offer> jobs, List<CancelOrder> cancel, boolean hold) implements Reply {
        public Polled {
            jobs = List.copyOf(jobs);
            cancel = List.copyOf(cancel);
        }
    }

    /// A job for an agent. Its inputs hold secrets, to be opened when the answer is written.
    ///
    /// @param task what the job's module is: its outputs are part of the protocol's job
    /// @param grace between TERM and KILL
    record Offer(JobRecord job, Task task, Duration grace, long logBytes) {
        /// The step that the job is about: of an undo, the one that is undone.
        public NodeKey step() {
            NodeKey key = job.key();
            return job.mode() == JobRecord.Mode.UNDO ? key.undone() : key;
        }
    }

    record CancelOrder(JobId job, long token, Duration grace) {}

    /// @param next the offset the engine wants next
    record Logged(long next) implements Reply {}

    /// `job.log-gap`
    record LogGap(long next) implements Reply {}

    record RunStarted(RunId run) implements Reply {}

    /// @param bootToken in plain, for the machine that has booted; not stored
    /// @param cards that the machine is to give addresses
    record BootGranted(MachineId machine, String name, String bootToken, List<Card> cards)
            implements Reply {
        public BootGranted {
            cards = List.copyOf(cards);
        }

        @Override
        public String toString() {
            return "BootGranted[" + machine + "]";
        }
    }

    /// @param bootToken in plain, for the machine's agent; not stored
    record Enrolled(MachineId machine, String bootToken) implements Reply {
        @Override
        public String toString() {
            return "Enrolled[" + machine + "]";
        }
    }
}
