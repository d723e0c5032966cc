package dev.formwork.server.health;

import dev.formwork.server.api.Answers;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

/// Refuses calls before the engine is up and while it stops.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(0)
final class ReadinessGate {
    private final Readiness readiness;

    ReadinessGate(Readiness readiness) {
        this.readiness = readiness;
    }

    @RequestFilter
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        return request.getPath().equals("/health")
                ? null
                : readiness.refusal().map(Answers::problem).orElse(null);
    }
}
