package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that can happen to the engine. Each is harmless when it comes twice.
public sealed interface Input {
    /// From an agent: refused with `agent.unauthorized` unless the credential is its machine's.
    sealed interface FromAgent extends Input {
        Credential agent();
    }

    /// From a person, whose rights were checked already.
    sealed interface FromPerson extends Input {
        /// Who, for the audit record.
        String by();
    }

    /// From a person, about an open run. Refused with `run.not-open`.
    sealed interface OfRun extends FromPerson {
        RunId run();
    }

    /// From a provider: the answer to an [Effect], or something it noticed.
    sealed interface FromProvider extends Input {
        MachineId machine();
    }

    /// The first call of an agent. Answered with [Reply.Registered], or refused with
    /// `agent.unauthorized` (no such token) or `agent.token-used` (used by another credential).
    ///
    /// @param bootTokenHash SHA-256 of the boot token, lower-case hex ([Secrets#hash])
    /// @param credentialHash SHA-256 of the credential the agent made up, lower-case hex
    record Register(String bootTokenHash, String credentialHash, String bootId, Value.Struct facts)
            implements Input {}

    /// A machine that has booted from the network asks for a token to register with. Answered with
    /// [Reply.BootGranted]; refused with `boot.held` (a person is asked), `boot.asking`,
    /// `boot.machine-alive`, `boot.unknown-machine`, `boot.unclear-machine`, `boot.not-wanted`,
    /// `boot.token-used`, `boot.too-many-strangers`.
    ///
    /// @param nonceHash SHA-256 of what that boot made up for itself, lower-case hex
    /// @param description what else it says of itself: the facts of a machine that nobody knows
    record ClaimBoot(
            Hardware hardware, String nonceHash, Value.Struct description, BootPolicy policy)
            implements Input {}

    /// Somebody on the boot network says that the system of a machine is installed. Answered with
    /// [Reply.Done]; refused with `machine.unknown`.
    record Installed(MachineId machine) implements Input {}

    /// A call of a machine that has its boot token and no agent yet, such as fetching one: answered
    /// with [Reply.Done] where the token is a machine's, also when an agent has registered with it.
    ///
    /// @param bootTokenHash as of [Register]
    record Introduced(String bootTokenHash) implements Input {}

    /// A call of an agent that changes nothing, such as fetching a module: answered with
    /// [Reply.Done] where the credential is right.
    record Authenticate(Credential agent) implements FromAgent {}

    /// Answered with [Reply.Polled].
    ///
    /// @param number empty of an agent that is too old to count its polls
    /// @param running every job in the agent's journal whose result is not acknowledged
    record Poll(Credential agent, String bootId, Optional<PollNumber> number, List<Running> running)
            implements FromAgent {
        public Poll {
            running = List.copyOf(running);
        }
    }

    /// Which of an agent's polls it is: one that arrives after a newer one says nothing any more.
    ///
    /// @param process of the agent, made up when it starts
    /// @param count rises with each poll of that process
    record PollNumber(String process, long count) {}

    /// A job in an agent's journal.
    record Running(JobId job, long token) {}

    /// Asks again on behalf of a poll that was held back and that [Effect.WakeAgent] woke: what is
    /// there for it now? Says nothing of what runs, which may have changed since. Answered with
    /// [Reply.Polled].
    record Repoll(MachineId machine) implements Input {}

    /// The agent has journalled the job and starts it. Answered with [Reply.Done], or refused with
    /// `job.fenced` or `job.unknown`.
    record Started(Credential agent, JobId job, long token, int phase) implements FromAgent {}

    /// The report of a job. Answered with [Reply.Done], which is also the go-ahead for the reboot
    /// it asks for; refused with `job.fenced` or `job.unknown`.
    ///
    /// @param code what went wrong, if not the exit code
    record Reported(
            Credential agent,
            JobId job,
            long token,
            int phase,
            Outcome outcome,
            Value.Struct outputs,
            Optional<Integer> exitCode,
            Optional<String> code,
            Optional<String> detail,
            String bootId)
            implements FromAgent {}

    /// A piece of a job's log. Answered with [Reply.Logged]; refused with `job.fenced`,
    /// `job.unknown` or, with [Reply.LogGap], where bytes before it are missing.
    ///
    /// @param bytes read from its position to its limit; not changed afterwards
    record LogReceived(Credential agent, JobId job, long token, long offset, ByteBuffer bytes)
            implements FromAgent {}

    record FactsReported(Credential agent, Value.Struct facts) implements FromAgent {}

    /// Applies an approved plan. Answered with [Reply.RunStarted]; refused with `run.cluster-busy`,
    /// `plan.used`, `plan.not-approved` or `plan.approval-expired`.
    ///
    /// @param results recorded for the cluster, read after all the core's transitions so far were
    ///   committed
    record StartRun(
            String planDigest,
            CompiledPlan plan,
            Approval approval,
            List<StepResult> results,
            RunRecord.Terms terms,
            String by)
            implements FromPerson {
        public StartRun {
            results = List.copyOf(results);
        }
    }

    /// Applies a plan that cleans a machine for its pool. Answered as [StartRun]; refused with
    /// `pool.not-dirty` too, where it is cleaned already, or has been.
    record StartCleaning(MachineId machine, StartRun start) implements FromPerson {
        @Override
        public String by() {
            return start.by();
        }
    }

    /// Ends what runs, and starts nothing more.
    ///
    /// @param now without a grace between TERM and KILL, also for what is being ended already
    record Cancel(RunId run, boolean now, String by) implements OfRun {}

    /// Starts nothing more until it is resumed; what runs goes on to its end. Refused with
    /// `run.cancelling` too.
    ///
    /// @param reason may be empty
    record Pause(RunId run, String reason, String by) implements OfRun {}

    /// Goes on with a run that was paused; else does nothing. Refused with `run.cancelling` too.
    record Resume(RunId run, String by) implements OfRun {}

    /// Has a step that failed or waits count as skipped: what comes after it goes on, and reads its
    /// outputs as null. Refused with what [Retry] is refused with, and `node.not-skippable`.
    ///
    /// @param stored the run, unless it is known to be open
    record Skip(RunId run, NodeKey node, String reason, Optional<StoredRun> stored, String by)
            implements FromPerson {}

    /// What failed or was cancelled is tried again, under the run's approval. Refused with
    /// `run.unknown`, `run.succeeded`, `run.superseded`, `run.cluster-busy`, `node.unknown` or
    /// `node.not-failed`.
    ///
    /// @param nodes empty for all that failed or were cancelled
    /// @param stored the run, unless it is known to be open
    record Retry(RunId run, List<NodeKey> nodes, Optional<StoredRun> stored, String by)
            implements FromPerson {
        public Retry {
            nodes = List.copyOf(nodes);
        }
    }

    /// Answers [dev.formwork.workflow.run.NodeRecord.Question#DID_IT_HAPPEN]. Refused with
    /// `run.not-open`, `node.unknown`, `node.nothing-asked` or `output.invalid`.
    ///
    /// @param outputs of the step, where it happened
    record Resolve(RunId run, NodeKey node, boolean happened, Value.Struct outputs, String by)
            implements FromPerson {}

    /// Answers [dev.formwork.workflow.run.NodeRecord.Question#APPROVE_MORE] with yes. Refused with
    /// `run.not-open`, `node.unknown`, `node.nothing-asked` or `machine.held`.
    record ApproveMore(RunId run, NodeKey node, String by) implements FromPerson {}

    /// Has a step run again in the next plan.
    ///
    /// @param result as recorded, read after all the core's transitions so far were committed
    /// @param last the cluster's last run, read then too
    record Taint(StepResult result, Optional<RunId> last, String by) implements FromPerson {}

    /// Makes a machine known that no provider makes (the engine's own agent, a host set up by
    /// hand), or lets one that is known register anew: the credential it had is revoked. Answered
    /// with [Reply.Enrolled].
    record Enrol(String name, String by) implements FromPerson {}

    /// Lets a machine that nobody knew be given work, or a boot of a known one have its token.
    /// Answered with [Reply.Done]; refused with `machine.unknown`, `machine.nothing-to-approve`,
    /// `machine.which-boot`.
    ///
    /// @param code that the machine's console shows; needed where several boots say that they are
    ///   this machine
    record ApproveMachine(String machine, Optional<String> code, String by) implements FromPerson {}

    /// Has what a machine boots from the network install its system again, whatever its disk has.
    /// Answered with [Reply.Done]; refused with `machine.unknown`.
    record Reinstall(String machine, String by) implements FromPerson {}

    /// Drops a machine that is in no cluster and that no provider made. Answered with [Reply.Done];
    /// refused with `machine.unknown`, `machine.in-use`.
    record ForgetMachine(String machine, String by) implements FromPerson {}

    /// Sets and takes away parameters of a machine. Answered with [Reply.Done]; refused with
    /// `machine.unknown`.
    ///
    /// @param set by name, secrets marked
    /// @param profiles all that it takes from now on; empty to leave them
    record SetParams(
            String machine,
            Map<String, Value> set,
            Set<String> unset,
            Optional<List<String>> profiles,
            String by)
            implements FromPerson {
        public SetParams {
            set = Map.copyOf(set);
            unset = Set.copyOf(unset);
            profiles = profiles.map(List::copyOf);
        }
    }

    /// From a person, about a pool. Answered with [Reply.Done]; refused with `pool.unknown`, but
    /// for [ApplyPool].
    sealed interface OfPool extends FromPerson {
        /// Of the pool.
        String name();
    }

    /// Declares a pool, or declares it anew: what it has, and who waits for it, stays.
    record ApplyPool(Pool pool, String by) implements OfPool {
        @Override
        public String name() {
            return pool.name();
        }
    }

    /// Forgets a pool. Refused with `pool.in-use` too.
    ///
    /// @param taken whether clusters have machines of it, those of other engines as well: read from
    ///   the store
    record DropPool(String name, boolean taken, String by) implements OfPool {}

    /// Keeps machines of a pool for a cluster that are free now. Refused with `pool.too-few`,
    /// `pool.bad-reservation` too.
    ///
    /// @param until empty for as long as nobody says otherwise
    record Reserve(String name, int count, String cluster, Optional<Instant> until, String by)
            implements OfPool {}

    /// Lets others have what is reserved for a cluster.
    record Unreserve(String name, String cluster, String by) implements OfPool {}

    /// Has a machine that is dirty cleaned once more. Refused with `machine.unknown`,
    /// `pool.not-in-it`, `pool.not-dirty` too.
    record CleanMachine(String name, String machine, String by) implements OfPool {}

    /// A person says that a machine that is dirty may be given to others as it is. Refused as
    /// [CleanMachine] is.
    record FreeMachine(String name, String machine, String by) implements OfPool {}

    /// Has the provider remove a machine that the pool had made and that nobody has. Refused with
    /// `machine.unknown`, `pool.not-in-it`, `pool.not-made`, `pool.not-free` too.
    record DeleteMachine(String name, String machine, String by) implements OfPool {}

    /// @param reference the provider's name for the instance
    /// @param hardware what the machine is recognised by when it boots from the network
    /// @param cards that it is to be told the addresses of then
    record InstanceCreated(
            MachineId machine,
            String reference,
            Optional<String> address,
            Hardware hardware,
            List<Card> cards)
            implements FromProvider {
        public InstanceCreated {
            cards = List.copyOf(cards);
        }
    }

    /// Making or removing an instance did not work.
    ///
    /// @param code the provider's problem code
    /// @param retryable the same request may work later
    record InstanceFailed(MachineId machine, String code, String detail, boolean retryable)
            implements FromProvider {}

    /// @param on what it is now
    record InstanceSwitched(MachineId machine, boolean on) implements FromProvider {}

    record InstanceRemoved(MachineId machine) implements FromProvider {}

    /// The provider no longer has the instance, though nobody asked for its removal.
    record InstanceGone(MachineId machine) implements FromProvider {}

    /// Time has passed: due at [EngineCore#nextWake] at the latest.
    record Tick() implements Input {}
}
