package dev.formwork.server.agent;

import dev.formwork.model.Problem;
import dev.formwork.server.api.Answers;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.Set;

/// What every call of an agent must have: the protocol's version, and a length that is known and
/// not too large before any of it is read. Agents one version older or newer are let in.
@ServerFilter("/agent/v1/**")
@Order(1)
final class ProtocolGate {
    private static final Set<String> VERSIONS = Set.of("1", "2");
    private static final long MESSAGE = 8L << 20;
    private static final long LOG = 256L << 10;

    @RequestFilter
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        return refusal(request).map(Answers::problem).orElse(null);
    }

    private static Optional<Problem> refusal(HttpRequest<?> request) {
        String version = request.getHeaders().findFirst("Formwork-Protocol").orElse("");
        if (!VERSIONS.contains(version)) {
            return Optional.of(
                    Problem.of(
                            "protocol.version",
                            "this engine speaks version 1 of the agent protocol",
                            "send Formwork-Protocol: 1; is the agent too old or too new?"));
        }
        if (request.getHeaders().contains("Transfer-Encoding")) {
            return Optional.of(
                    Problem.of("request.no-length", "the body has no length", "send it in one"));
        }
        long limit = request.getPath().endsWith("/log") ? LOG : MESSAGE;
        if (request.getContentLength() > limit) {
            return Optional.of(
                    Problem.of(
                            "request.too-large",
                            "at most " + limit + " bytes",
                            "send a log in smaller pieces"));
        }
        return Optional.empty();
    }
}
