package dev.formwork.server.tls;

import java.time.Instant;

/// A CA that no engine has.
public final class TestAuthority {
    private TestAuthority() {}

    public static Authority fresh() {
        return Issuing.authority("Formwork CA e-other", Instant.now());
    }
}
