package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `formwork boot`: a boot server at a site where no engine is.
class RemoteSiteIT {
    private static final String ASKED = "mac=52:54:00:12:34:56";

    @TempDir private Path folder;
    private Optional<EngineProcess> running = Optional.empty();

    @AfterEach
    void stop() {
        running.ifPresent(EngineProcess::close);
    }

    @Test
    void machinesBootFromItAndGetTheirTokensFromTheEngine() throws Exception {
        EngineProcess engine = new EngineProcess(folder.resolve("data")).start(EngineOptions.USUAL);
        running = Optional.of(engine);
        Path file = folder.resolve("site.yaml");
        Path image = Files.createDirectory(folder.resolve("image"));
        Files.writeString(image.resolve("kernel"), "a kernel");
        Files.writeString(image.resolve("initrd"), "an initrd");
        Files.writeString(
                file,
                """
                kind: BootServer
                image: image
                http: 127.0.0.1:0
                engines: ['https://10.0.0.1:7443']
                """);
        Path site = folder.resolve("site");
        try (CliProcess boot =
                CliProcess.start(
                        site,
                        folder,
                        "boot",
                        file.toString(),
                        "--url",
                        engine.uri().toString(),
                        "--token-file",
                        engine.data().resolve("api-token").toString())) {
            boot.awaitOutput("The boot server is ready");
            URI from =
                    URI.create(
                            "http://127.0.0.1:"
                                    + Files.readString(site.resolve("boot/boot-port")).strip());

            assertThat(ask(from, "/boot.ipxe").body()).startsWith("#!ipxe");
            assertThat(ask(from, "/boot/script?" + ASKED).body()).contains(from + "/kernel");
            assertThat(ask(from, "/kernel").body()).isEqualTo("a kernel");
            String nonce = "&nonce=0123456789abcdef0123456789abcdef";
            assertThat(ask(from, "/boot/claim?" + ASKED + nonce).body())
                    .contains("engine https://10.0.0.1:7443\n", "hostname node-123456\n");
            assertThat(engine.api().machine("node-123456").registered()).isFalse();

            engine.kill();
            assertThat(ask(from, "/boot/script?" + ASKED).body())
                    .contains("Formwork refuses: engine.unreachable")
                    .doesNotContain("/kernel");
            engine.start(EngineOptions.USUAL.withPort(engine.uri().getPort()));
            assertThat(ask(from, "/boot/script?" + ASKED).body()).contains(from + "/kernel");
        }
    }

    private static HttpResponse<String> ask(URI from, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(from.resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
