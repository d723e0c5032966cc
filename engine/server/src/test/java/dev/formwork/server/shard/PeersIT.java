package dev.formwork.server.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// A boot token that this engine does not know, and another engine that may.
class PeersIT {
    private static final EngineAddress SELF =
            EngineAddress.onLoopback(URI.create("http://127.0.0.1:1"));
    private static final HttpRequest<?> REQUEST = HttpRequest.GET("/agent/v1/package/jars");

    private final Whereabouts whereabouts = new Whereabouts();
    private final Peers peers =
            new Peers(
                    whereabouts,
                    true,
                    _ -> Optional.empty(),
                    () -> {
                        throw new AssertionError("nobody is called by TLS");
                    });
    private final Set<Shard> here = new TreeSet<>(Shard.all().headSet(Shard.POOL));
    private HttpServer server;
    private EngineAddress other;
    private int status;

    @BeforeEach
    void startTheOther() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        other =
                EngineAddress.onLoopback(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        know(here, here);
    }

    @AfterEach
    void stopTheOther() {
        server.stop(0);
    }

    /// @param notElsewhere shards that the other engine has not
    private void know(Set<Shard> ours, Set<Shard> notElsewhere) {
        Map<Shard, EngineAddress> elsewhere = new HashMap<>();
        Shard.all().stream()
                .filter(shard -> !notElsewhere.contains(shard))
                .forEach(shard -> elsewhere.put(shard, other));
        whereabouts.update(ours, elsewhere, List.of(SELF, other));
    }

    private CompletableFuture<HttpResponse<byte[]>> refused() {
        return CompletableFuture.failedFuture(
                ProblemException.of("agent.unauthorized", "not its credential", null));
    }

    private HttpResponse<byte[]> asked(HttpRequest<?> request, Peers.Answering here) {
        return peers.answerFirst(request, "agent.unauthorized", here).join();
    }

    private void assertFails(String code) {
        assertThatThrownBy(() -> asked(REQUEST, this::refused)).hasMessageContaining(code);
    }

    @Test
    void theOneThatKnowsItAnswers() {
        status = 204;

        assertThat(asked(REQUEST, this::refused).code()).isEqualTo(204);
    }

    @Test
    void isRefusedWhenAllRefuseIt() {
        status = 401;

        assertFails("agent.unauthorized");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void isToBeAskedAgainWhereOneIsNotReadyToAnswer(int notReady) {
        status = notReady;

        assertFails("engine.unreachable");
    }

    @Test
    void isToBeAskedAgainWhereOneIsNotReached() {
        server.stop(0);

        assertFails("engine.unreachable");
    }

    @Test
    void isToBeAskedAgainWhileAShardIsNobodys() {
        status = 401;
        Set<Shard> gone = new TreeSet<>(here);
        gone.add(Shard.POOL);
        know(here, gone);

        assertFails("engine.unreachable");
        assertThatThrownBy(() ->
                        asked(
                                HttpRequest.GET("/agent/v1/package/jars")
                                        .header(Peers.PASSED_ON, "http"),
                                this::refused))
                .as("also by the engine that it was passed on to")
                .hasMessageContaining("engine.unreachable");
    }

    /// What the other one knew when this one was asked is here when the other one is.
    @Test
    void isToBeAskedAgainWhereAShardHasComeHereMeanwhile() {
        status = 401;

        assertThatThrownBy(() ->
                        asked(
                                REQUEST,
                                () -> {
                                    know(Shard.all(), Shard.all());
                                    return refused();
                                }))
                .hasMessageContaining("engine.unreachable");
    }

    @Test
    void whatIsWrongInItselfIsRefusedAtOnce() {
        server.stop(0);

        assertThatThrownBy(() ->
                        asked(
                                REQUEST,
                                () ->
                                        CompletableFuture.failedFuture(
                                                ProblemException.of(
                                                        "agent.token-used", "used", null))))
                .hasMessageContaining("agent.token-used");
        assertThat(
                        asked(REQUEST, () -> CompletableFuture.completedFuture(Answers.noContent()))
                                .code())
                .isEqualTo(204);
    }
}
