package dev.formwork.workflow.run;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Script;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An attempt handed to an agent under a lease, with a fencing token.
///
/// @param inputs secrets included: stored sealed, opened when the job is handed out
/// @param phase 1, and one more after each reboot the task asked for
/// @param timeout of the attempt, from its start on the machine
public record JobRecord(
        JobId id,
        RunId run,
        String cluster,
        NodeKey key,
        MachineId machine,
        long token,
        int attempt,
        int phase,
        Mode mode,
        LoadedModule.Lock module,
        String runner,
        Optional<Script> script,
        Optional<Script> check,
        Value.Struct inputs,
        Duration timeout,
        State state,
        Instant createdAt,
        Optional<Instant> startedAt) {
    public enum Mode {
        RUN,
        CHECK,
        CHECK_THEN_RUN,
        UNDO
    }

    public enum State {
        /// In every answer to the machine's polls until its agent says it started.
        OFFERED,
        STARTED,
        /// Its task asked for a reboot and has the go-ahead: offered again in the machine's next
        /// boot.
        REBOOTING,
        /// To be ended by the agent; its report is still awaited.
        CANCELLING,
        /// The same, without a grace between TERM and KILL.
        KILLING,
        /// Final: reported, or fenced off by a newer token.
        CLOSED;

        /// To be ended by the agent.
        public boolean ending() {
            return this == CANCELLING || this == KILLING;
        }
    }

    public JobRecord withState(State next) {
        return new JobRecord(
                id, run, cluster, key, machine, token, attempt, phase, mode, module, runner, script,
                check, inputs, timeout, next, createdAt, startedAt);
    }

    public JobRecord started(Instant at) {
        return new JobRecord(
                id,
                run,
                cluster,
                key,
                machine,
                token,
                attempt,
                phase,
                mode,
                module,
                runner,
                script,
                check,
                inputs,
                timeout,
                State.STARTED,
                createdAt,
                Optional.of(at));
    }

    /// The next phase of the same attempt, to be offered after the reboot.
    public JobRecord rebooting() {
        return new JobRecord(
                id,
                run,
                cluster,
                key,
                machine,
                token,
                attempt,
                phase + 1,
                mode,
                module,
                runner,
                script,
                check,
                inputs,
                timeout,
                State.REBOOTING,
                createdAt,
                Optional.empty());
    }
}
