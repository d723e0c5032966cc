package dev.formwork.server.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.TestEngine;
import dev.formwork.server.tls.TestAuthority;
import dev.formwork.server.tls.Trust;

import io.micronaut.http.HttpRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/// Requests to an engine of another host.
class ForwardingIT {
    @TempDir private Path data;
    private TestEngine engine;

    @BeforeEach
    void start() throws IOException {
        engine = TestEngine.startByTls(data);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void goesByTlsWithTheWordsOfWhoeverMadeIt() {
        Forwarding.Outcome outcome = send(Trust.inFile(data.resolve("ca.pem")));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Forwarding.Outcome.Answered.class,
                        answered -> assertThat(answered.answer().code()).isEqualTo(200));
    }

    @Test
    void doesNotReachWhoIsNotUnderTheCa() {
        assertThat(send(Trust.in(TestAuthority.fresh())))
                .isInstanceOf(Forwarding.Outcome.NotReached.class);
    }

    private Forwarding.Outcome send(SSLContext trust) {
        return new Forwarding(() -> trust)
                .send(
                        engine.uri(),
                        HttpRequest.GET("/api/v1/runs")
                                .header("Authorization", "Bearer " + engine.token()),
                        () -> true);
    }
}
