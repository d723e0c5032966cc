package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.Eventually;
import dev.formwork.server.TestEngine;
import dev.formwork.server.tls.TlsAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Somebody on the boot network says to be a machine that it is not: what docs/security.md says
/// that this gains.
@Timeout(120)
class ForgedMachineIT {
    private static final String MAC = "52:54:00:12:34:56";
    private static final String NAME = "node-123456";
    private static final String MACHINE = "a".repeat(32);
    private static final String MACHINE_LATER = "b".repeat(32);
    private static final String FORGER = "f".repeat(32);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<TestEngine> running = Optional.empty();
    private URI boot = URI.create("");

    @AfterEach
    void stop() {
        running.ifPresent(TestEngine::close);
        http.close();
    }

    @Test
    void getsNothingOfAMachineThatRuns() throws IOException {
        start("ask: false\n");
        String credential = registered(granted(MACHINE), "m");

        assertThat(claim(FORGER).body()).contains("boot.asking").doesNotContain("token ");
        poll(credential);
        assertThat(claim(FORGER).body()).contains("boot.machine-alive").doesNotContain("token ");
        assertThat(poll(credential).statusCode()).as("the machine goes on").isEqualTo(200);
    }

    @Test
    void getsThePlaceOfAMachineThatIsOffAndTheMachineSaysSo() throws IOException {
        start("ask: false\n");
        String before = registered(granted(MACHINE), "m");

        Eventually.until(() -> claim(FORGER).statusCode() == 200, LONG, () -> claim(FORGER).body());
        String forger = registered(granted(FORGER), "f");

        assertThat(poll(forger).statusCode()).as("until somebody notices").isEqualTo(200);
        assertThat(poll(before).statusCode()).as("what registered before").isEqualTo(401);
        assertThat(claim(MACHINE_LATER).body()).contains("boot.asking");
        poll(forger);
        assertThat(claim(MACHINE_LATER).body())
                .as("what the machine's console shows")
                .contains("boot.machine-alive", NAME)
                .doesNotContain("token ");
        gainsNothingElse(forger);
    }

    private void gainsNothingElse(String credential) {
        for (String path :
                List.of(
                        "/api/v1/runs",
                        "/api/v1/engine",
                        "/api/v1/engine/ca",
                        "/api/v1/machines",
                        "/metrics")) {
            HttpResponse<String> answer =
                    engine().send(
                                    HttpRequest.newBuilder(engine().uri().resolve(path))
                                            .header("Authorization", "Bearer " + credential));
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
        }
        HttpResponse<String> others =
                agent(
                        "/agent/v1/jobs/j-of-another/started",
                        credential,
                        "{\"token\":1,\"phase\":1}");
        assertThat(others.statusCode()).isEqualTo(404);
    }

    @Test
    void showsAnotherCodeWhereAPersonIsAsked() throws IOException {
        start("ask: true\n");
        granted(MACHINE); // The machine is known from now on, and is switched off.

        assertThat(claim(FORGER).body()).contains("boot.held", code(FORGER));
        assertThat(claim(MACHINE_LATER).body())
                .as("what the machine's console shows")
                .contains("boot.held", code(MACHINE_LATER));
        JsonNode machine = engine().json(engine().get("/api/v1/machines/" + NAME));
        assertThat(machine.path("held").findValuesAsString("code"))
                .containsExactlyInAnyOrder(code(FORGER), code(MACHINE_LATER));
        assertThat(approve(Map.of()).statusCode()).as("nobody approves blindly").isEqualTo(409);

        assertThat(approve(Map.of("code", code(MACHINE_LATER))).statusCode()).isLessThan(300);

        assertThat(claim(FORGER).body()).doesNotContain("token ");
        String credential = registered(granted(MACHINE_LATER), "m");
        assertThat(claim(FORGER).body()).doesNotContain("token ");
        assertThat(poll(credential).statusCode()).isEqualTo(200);
        assertThat(claim(FORGER).body()).doesNotContain("token ");
    }

    @Test
    void aMachineIsSentToTheEngineByTlsAndToldWhomToTrust() throws IOException {
        start("ask: false\n");
        assertThat(granted(MACHINE))
                .startsWith("formwork-boot 1\nengine https://10.0.2.2:")
                .contains("\nengine https://127.0.0.1:", "\ntoken ", "\nhostname " + NAME + "\n")
                .endsWith(Files.readString(folder.resolve("data/ca.pem")));
    }

    private void start(String policy) throws IOException {
        Path image = Files.createDirectory(folder.resolve("image"));
        Files.writeString(image.resolve("kernel"), "a kernel");
        Files.writeString(image.resolve("initrd"), "an initrd");
        Path file = folder.resolve("boot.yaml");
        Files.writeString(
                file,
                "kind: BootServer\nimage: image\nhttp: 127.0.0.1:0\nstrangers: admit\n" + policy);
        Path data = folder.resolve("data");
        running =
                Optional.of(
                        TestEngine.start(
                                TestEngine.config(data)
                                        .withTls(
                                                TlsAddress.parse("127.0.0.1:0")
                                                        .withNames(List.of("10.0.2.2")))
                                        .withBoot(BootSetup.load(file))));
        boot = URI.create("http://127.0.0.1:" + Files.readString(data.resolve("boot-port")) + "/");
    }

    private TestEngine engine() {
        return running.orElseThrow();
    }

    private HttpResponse<String> claim(String nonce) {
        URI asked = boot.resolve("/boot/claim?mac=" + MAC + "&nonce=" + nonce);
        return send(HttpRequest.newBuilder(asked).build());
    }

    private String granted(String nonce) {
        HttpResponse<String> answer = claim(nonce);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// @return what the agent says who it is with
    private String registered(String granted, String sign) {
        String token =
                granted.lines()
                        .filter(line -> line.startsWith("token "))
                        .map(line -> line.substring("token ".length()))
                        .findFirst()
                        .orElseThrow();
        String credential = sign.repeat(43);
        HttpResponse<String> answer =
                agent(
                        "/agent/v1/register",
                        "",
                        TestEngine.JSON.writeValueAsString(
                                Map.of(
                                        "bootToken",
                                        token,
                                        "credential",
                                        credential,
                                        "agentVersion",
                                        "1",
                                        "bootId",
                                        "boot-" + sign,
                                        "facts",
                                        Map.of(
                                                "hostname",
                                                "h",
                                                "os",
                                                Map.of(),
                                                "cpu",
                                                Map.of("architecture", "amd64", "count", 1),
                                                "memory",
                                                Map.of("bytes", 1)))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String bearer = engine().json(answer).path("machineId").asString() + "." + credential;
        assertThat(poll(bearer).statusCode()).isEqualTo(200);
        return bearer;
    }

    private HttpResponse<String> poll(String bearer) {
        String sign = bearer.substring(bearer.length() - 1);
        return agent(
                "/agent/v1/poll",
                bearer,
                TestEngine.JSON.writeValueAsString(
                        Map.of(
                                "agentVersion",
                                "1",
                                "bootId",
                                "boot-" + sign,
                                "running",
                                List.of(),
                                "waitSeconds",
                                0)));
    }

    private HttpResponse<String> agent(String path, String bearer, String body) {
        return send(
                HttpRequest.newBuilder(engine().uri().resolve(path))
                        .header("Formwork-Protocol", "1")
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + bearer)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private HttpResponse<String> approve(Map<String, String> body) {
        return engine().post("/api/v1/machines/" + NAME + "/approve", body);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// As the console shows it.
    private static String code(String nonce) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(nonce.getBytes(StandardCharsets.US_ASCII));
            String hex = HexFormat.of().formatHex(digest, 0, 4);
            return hex.substring(0, 4) + "-" + hex.substring(4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
