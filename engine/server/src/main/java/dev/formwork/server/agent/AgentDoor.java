package dev.formwork.server.agent;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// What the engine tells and asks of every agent.
///
/// @param engine whose machines these are
/// @param poll how long a poll may be held
/// @param engines where agents reach the engines of this store, as far as known now; must not wait
public record AgentDoor(EngineId engine, Duration poll, Supplier<List<URI>> engines) {
    private static final int LEAST_CREDENTIAL = 43;

    List<String> engineUrls() {
        return engines.get().stream().map(URI::toString).toList();
    }

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
