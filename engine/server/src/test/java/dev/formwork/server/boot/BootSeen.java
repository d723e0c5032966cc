package dev.formwork.server.boot;

import dev.formwork.server.Eventually;
import dev.formwork.server.TestEngine;

import java.time.Duration;

/// What an engine lists of what boot servers see.
final class BootSeen {
    static final String ROUTE = "/api/v1/boot/reports";

    private BootSeen() {}

    /// Waits until it is listed.
    static void await(TestEngine engine, String code, String words) {
        Eventually.until(
                () ->
                        engine.json(engine.get(ROUTE))
                                .path("items")
                                .valueStream()
                                .anyMatch(each ->
                                        each.path("code").asString().equals(code)
                                                && each.path("detail").asString().contains(words)),
                Duration.ofSeconds(30),
                () -> code + " is not in " + engine.get(ROUTE).body());
    }
}
