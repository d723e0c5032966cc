package dev.formwork.server.boot;

import dev.formwork.boot.script.MachineIdentity;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.tls.Trust;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The engine, as a boot server asks it: over its API, also where both are one process, so that it
/// makes no difference which engine has the machine. Thread-safe.
final class EngineAsked implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /// iPXE gives up after a minute and more.
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final EngineDoor door;
    private final HttpClient http;

    EngineAsked(EngineDoor door) {
        this.door = door;
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT);
        door.caFile().map(Trust::inFile).ifPresent(client::sslContext);
        this.http = client.build();
    }

    /// @param server where the machine has reached us: host and port
    /// @throws ProblemException `engine.unreachable`, and what the engine refuses with
    BootDesk.Decision decide(MachineIdentity machine, String server) {
        MachineAsked asked = MachineAsked.of(machine, Optional.empty(), Optional.of(server));
        return ask("decide", asked, BootDesk.Decision.class);
    }

    /// A file of what the machine boots.
    ///
    /// @throws ProblemException `engine.unreachable`, and what the engine refuses with
    String file(MachineId machine, String path, String server) {
        FileAsked asked = new FileAsked(machine.value(), path, server);
        return ask("file", asked, FileAsked.Answer.class).content();
    }

    /// @throws ProblemException `engine.unreachable`, and what the engine refuses with
    void report(BootReport report) {
        ask("reports", report, BootReport.class);
    }

    /// @throws ProblemException `engine.unreachable`, and what the engine refuses with
    void installed(MachineId machine) {
        ask("installed", new InstalledMachine(machine.value()), InstalledMachine.class);
    }

    /// @throws ProblemException `engine.unreachable`, and what the engine refuses with
    BootDesk.Grant claim(MachineIdentity machine, String nonce) {
        return ask(
                "claim",
                MachineAsked.of(machine, Optional.of(nonce), Optional.empty()),
                BootDesk.Grant.class);
    }

    private <T> T ask(String what, Object asked, Class<T> type) {
        @Nullable IOException failure = null;
        for (URI engine : door.engines()) {
            try {
                HttpResponse<byte[]> response = http.send(request(engine, what, asked), ofBytes());
                if (response.statusCode() >= 400) {
                    throw refused(response);
                }
                return ApiJson.read(Optional.of(response.body()), type);
            } catch (IOException e) {
                failure = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw absent(e);
            }
        }
        throw absent(failure);
    }

    private static HttpResponse.BodyHandler<byte[]> ofBytes() {
        return HttpResponse.BodyHandlers.ofByteArray();
    }

    private HttpRequest request(URI engine, String what, Object asked) {
        return HttpRequest.newBuilder(engine.resolve("/api/v1/boot/" + what))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + door.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ApiJson.write(asked)))
                .build();
    }

    private static ProblemException refused(HttpResponse<byte[]> response) {
        JsonNode problem = ApiJson.read(Optional.of(response.body()), JsonNode.class);
        return ProblemException.of(
                problem.path("code").asString("server.internal"),
                problem.path("detail").asString("the engine answers " + response.statusCode()),
                problem.path("hint").asString(null));
    }

    private ProblemException absent(@Nullable Exception cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "engine.unreachable",
                                "no engine answers at " + door.engines() + ": " + cause,
                                "is it running?")),
                cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
