package dev.formwork.agent.identity;

import dev.formwork.agent.protocol.Registered;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// Who the agent is. Prints without its secrets.
///
/// @param credential 256 random bits, base64url
/// @param bootTokenDigest SHA-256 of the boot token it was made up for
/// @param registered what the engine said, once it did
public record Identity(String credential, String bootTokenDigest, @Nullable Registered registered) {
    public Identity {
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(bootTokenDigest, "bootTokenDigest");
    }

    @Override
    public String toString() {
        return "Identity[***, " + registered + "]";
    }
}
