package dev.formwork.server.security;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.server.api.Answers;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Stands before every route, also those that do not exist. Denies by default: only `/health` is
/// open, and `/agent/v1` asks for the agents' own credentials itself.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Gate {
    private static final String AGENTS = "/agent/v1/";

    private final ApiToken token;
    private final HostNames hosts;

    Gate(ApiToken token, HostNames hosts) {
        this.token = token;
        this.hosts = hosts;
    }

    @RequestFilter
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        return refusal(request).map(Answers::problem).orElse(null);
    }

    private Optional<Problem> refusal(HttpRequest<?> request) {
        Optional<String> host = request.getHeaders().findFirst("Host");
        if (host.isEmpty() || !hosts.allow(host.get(), request.isSecure())) {
            return Optional.of(
                    Problem.of(
                            "request.host",
                            "this engine is not called " + Names.abbreviate(host.orElse("")),
                            "call it by the address it listens on"));
        }
        String path = request.getUri().getRawPath();
        if (path.contains("/.")
                || path.contains("//")
                || path.contains("%2e")
                || path.contains("%2E")) {
            return Optional.of(Problem.of("request.malformed", "the path has dots or empty parts"));
        }
        if (path.equals("/health") || path.startsWith(AGENTS)) {
            return Optional.empty();
        }
        Optional<String> presented = BearerToken.of(request);
        if (presented.isEmpty()) {
            return Optional.of(
                    Problem.of(
                            "auth.required",
                            "this route asks for the engine's token",
                            "send Authorization: Bearer with the content of the file api-token in"
                                    + " the engine's data directory"));
        }
        if (!token.matches(presented.get())) {
            return Optional.of(
                    Problem.of(
                            "auth.refused",
                            "this is not the engine's token",
                            "it is in the file api-token in the engine's data directory"));
        }
        return Optional.empty();
    }
}
