package dev.formwork.server.security;

import dev.formwork.server.home.DataDirectory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The secret that every call of the API carries. Made at the engine's first start, and kept in the
/// file `api-token` of its data directory, mode 0600: who may read that file may do everything.
public final class ApiToken {
    public static final String FILE = "api-token";

    private final byte[] token;

    private ApiToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /// @throws dev.formwork.model.ProblemException `server.secret-readable`
    public static ApiToken in(DataDirectory directory) {
        return new ApiToken(directory.secret(FILE));
    }

    /// Takes the same time wherever the two differ.
    boolean matches(String presented) {
        return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
    }

    /// The secret itself, for a part of the engine that calls its API.
    public String reveal() {
        return new String(token, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "***";
    }
}
