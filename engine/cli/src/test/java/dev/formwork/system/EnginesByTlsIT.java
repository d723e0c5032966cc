package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;
import dev.formwork.server.tls.TlsAddress;
import dev.formwork.server.tls.Trust;
import dev.formwork.store.PostgresSettings;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two engines on one database that listen for other hosts: under one CA, and by TLS to each other.
@Timeout(120)
class EnginesByTlsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void needsPostgres() {
        Needs.nothing(PostgresServer.missing());
    }

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void areUnderOneCaAndPassRequestsOnByTls() throws Exception {
        PostgresServer postgres = PostgresServer.quick();
        opened.add(postgres);
        PostgresSettings database =
                EngineOptions.USUAL.withDatabaseOf(postgres, "engines").database().orElseThrow();
        Path first = folder.resolve("first");
        Path second = Files.createDirectory(folder.resolve("second"));
        RunningServer one = start(first, database);
        for (String key : List.of("engine.key", "api-token")) {
            Files.copy(first.resolve(key), second.resolve(key));
        }
        RunningServer other = start(second, database);
        String token = Files.readString(first.resolve("api-token")).strip();

        assertThat(second.resolve("ca.pem")).hasSameTextualContentAs(first.resolve("ca.pem"));
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(Trust.inFile(first.resolve("ca.pem"))).build()) {
            Client client = new Client(http, token);
            Await.until(
                    "they know each other",
                    PATIENCE,
                    () -> client.get(one, "/api/v1/engine").path("engines").size() == 2);
            assertThat(
                            client.get(one, "/api/v1/engine")
                                    .path("engines")
                                    .findValuesAsString("secure_url"))
                    .containsExactly(
                            one.secureUri().orElseThrow().toString(),
                            other.secureUri().orElseThrow().toString());
            String own = Files.readString(first.resolve("engine-machine")).strip();
            for (RunningServer each : List.of(one, other)) {
                assertThat(client.post(each, "/api/v1/machines/" + own + "/approve"))
                        .as("the first engine has its own machine, whoever is asked")
                        .contains("machine.nothing-to-approve");
            }
        }
    }

    private RunningServer start(Path data, PostgresSettings database) {
        RunningServer engine =
                EngineServer.start(
                        ServeConfig.of(
                                        data,
                                        List.of(),
                                        new AgentLaunch(List.of("/bin/false")),
                                        "test")
                                .withDatabase(database)
                                .withPort(0)
                                .withTls(TlsAddress.parse("127.0.0.1:0"))
                                .withEngineAgent(false)
                                .withConsole(false));
        opened.add(engine);
        return engine;
    }

    private record Client(HttpClient http, String token) {
        JsonNode get(RunningServer engine, String path) {
            return JsonMapper.shared().readTree(send(request(engine, path)));
        }

        String post(RunningServer engine, String path) {
            return send(
                    request(engine, path)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{}")));
        }

        private HttpRequest.Builder request(RunningServer engine, String path) {
            return HttpRequest.newBuilder(engine.secureUri().orElseThrow().resolve(path))
                    .header("Authorization", "Bearer " + token);
        }

        private String send(HttpRequest.Builder request) {
            try {
                HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
                return answer.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
