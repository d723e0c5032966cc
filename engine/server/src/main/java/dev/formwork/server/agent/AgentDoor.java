package dev.formwork.server.agent;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;

import java.time.Duration;

/// What the engine tells and asks of every agent.
///
/// @param engine whose machines these are
/// @param poll how long a poll may be held
public record AgentDoor(EngineId engine, Duration poll) {
    private static final int LEAST_CREDENTIAL = 43;

    /// @throws ProblemException `agent.weak-credential` for less than 256 bits in base64url
    String requireStrong(String credential) {
        if (credential.length() < LEAST_CREDENTIAL) {
            throw ProblemException.of(
                    "agent.weak-credential",
                    "the credential is too short",
                    "256 random bits, base64url");
        }
        return credential;
    }
}
