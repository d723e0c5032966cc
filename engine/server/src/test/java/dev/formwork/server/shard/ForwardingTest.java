package dev.formwork.server.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.agent.CheckDesk;

import io.micronaut.http.HttpRequest;

import org.junit.jupiter.api.Test;

class ForwardingTest {
    @Test
    void waitsForAPlanAsLongAsThatWaitsForItsChecks() {
        assertThat(Forwarding.longest(HttpRequest.POST("/api/v1/plans", "{}")))
                .isGreaterThan(CheckDesk.Patience.USUAL.whole());
        assertThat(Forwarding.longest(HttpRequest.POST("/api/v1/plans/d1/approve", "{}")))
                .isLessThan(CheckDesk.Patience.USUAL.whole());
    }
}
