package dev.formwork.provider;

/// For a provider that hosts the agent's process itself, outside the machine's own init: it can see
/// whether the agent runs, and start it again. What [Capability] says holds for each method.
public interface AgentSupervision extends Capability {
    /// Whether the agent's process exists at this moment; not whether it answers.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.unavailable`,
    ///   `.interrupted`, `.closed`
    boolean agentRunning(InstanceRef ref);

    /// Ends the agent's process, if there is one, and starts the agent anew, with the engine URL
    /// and the program of the [ProviderContext] of now. Jobs and daemons on the machine run on, and
    /// the boot id stays: this is not a reboot. A machine that the host's own restart brought down
    /// gets a new boot id.
    ///
    /// Idempotent: two calls at once leave one agent. **Returns** when the process exists.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`; `provider.conflict` where
    ///   the machine is switched off (see [PowerControl]), half-made or being deleted;
    ///   `provider.timeout`, `.unavailable`, `.interrupted`, `.closed`
    void restartAgent(InstanceRef ref);

    /// Told that this engine looks after the machine from now on: another one did before, or it did
    /// itself, before it was started anew. A provider that works a machine from the engine's own
    /// process does so from here, in place of whichever engine did; an agent that is a process of
    /// its own is left alone.
    ///
    /// Idempotent: where the machine is worked from here already, nothing changes. **Returns** when
    /// no other engine works it any more. Where there is nothing to do it need not be looked for.
    ///
    /// @throws dev.formwork.model.ProblemException as [#restartAgent]
    void takeUpAgent(InstanceRef ref);
}
