package dev.formwork.agent.transport;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;

import java.io.IOException;
import java.nio.file.Path;

/// The engine, or whichever of several, seen from an agent: one method for each call of
/// docs/agent-protocol.md. Each tries once, is harmless to repeat, and throws
/// [EngineUnreachableException] where repeating it makes sense and [EngineRefusalException] where
/// the engine said no. Thread-safe.
public interface Engine {
    /// Makes the agent known.
    Registered register(Register register)
            throws EngineUnreachableException, EngineRefusalException;

    /// Says who makes all later calls.
    void identify(String machineId, String credential);

    /// Waits for work, as long as the poll says.
    PollAnswer poll(Poll poll) throws EngineUnreachableException, EngineRefusalException;

    /// Says that a job is about to start.
    void started(JobId job, Started started)
            throws EngineUnreachableException, EngineRefusalException;

    /// Hands over bytes of a log.
    ///
    /// @return the offset that the engine wants next
    long log(JobId job, long token, long offset, byte[] bytes)
            throws EngineUnreachableException, EngineRefusalException;

    /// Says how a job ended.
    void result(JobId job, Report report) throws EngineUnreachableException, EngineRefusalException;

    /// Says what the machine is like.
    void facts(Facts facts) throws EngineUnreachableException, EngineRefusalException;

    /// Fetches a module's zip into a new file.
    void module(ModuleDigest digest, Path zip)
            throws EngineUnreachableException, EngineRefusalException, IOException;
}
