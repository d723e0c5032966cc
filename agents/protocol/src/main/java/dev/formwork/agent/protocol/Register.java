package dev.formwork.agent.protocol;

import java.util.Objects;

/// An agent's first call, harmless to repeat. Prints without its secrets.
///
/// @param bootToken good for one registration of one machine
/// @param credential made up by the agent: 256 random bits, base64url without padding
/// @param agentVersion for people
/// @param bootId changes with every boot of the machine
public record Register(
        String bootToken, String credential, String agentVersion, String bootId, Facts facts) {
    public Register {
        Objects.requireNonNull(bootToken, "bootToken");
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(agentVersion, "agentVersion");
        Objects.requireNonNull(bootId, "bootId");
        Objects.requireNonNull(facts, "facts");
    }

    @Override
    public String toString() {
        return "Register[***, agentVersion=" + agentVersion + ", bootId=" + bootId + "]";
    }
}
