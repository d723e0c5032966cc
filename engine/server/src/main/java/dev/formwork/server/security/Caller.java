package dev.formwork.server.security;

import io.micronaut.http.HttpRequest;

/// Who calls, for the audit record. There is one token, so there is one answer, until there are
/// users and roles.
public final class Caller {
    private Caller() {}

    public static String of(HttpRequest<?> request) {
        return BearerToken.of(request).isPresent() ? "api-token" : "nobody";
    }
}
