package dev.formwork.server.agent;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.server.shard.Peers;
import dev.formwork.server.shard.Whereabouts;

import io.micronaut.http.HttpRequest;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// What the engine tells and asks of every agent.
///
/// @param engine whose machines these are
/// @param poll how long a poll may be held
/// @param whereabouts where the engines of this store are
public record AgentDoor(EngineId engine, Duration poll, Whereabouts whereabouts) {
    private static final int LEAST_CREDENTIAL = 43;

    /// Where the agent that calls reaches the engines of this store, as far as known now.
    List<String> engineUrls(HttpRequest<?> request) {
        return whereabouts.addresses(Peers.cameByTls(request)).stream().map(URI::toString).toList();
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
