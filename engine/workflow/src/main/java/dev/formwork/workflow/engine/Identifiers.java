package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;

/// Where new names come from. Each answer is a new one; called from the core's thread only.
public interface Identifiers {
    RunId run();

    JobId job();

    MachineId machine();

    /// A one-use boot token, 256 random bits in base64url: for a machine that is enrolled by hand.
    String bootToken();

    /// The one-use boot token of a machine that a provider makes: always the same for the same
    /// machine, such as an HMAC of its id under the engine's key. So the plain token is stored
    /// nowhere, and an instance whose creation is asked for again after a crash gets the very token
    /// that the first request carried.
    String bootToken(MachineId machine);
}
