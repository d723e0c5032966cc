package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.formwork.server.Eventually;
import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Boot environments of a pack, from the parameters of a machine to what it is served.
class BootEnvironmentIT {
    private static final String MAC = "52:54:00:12:34:56";
    private static final String NODE = "node-123456";
    private static final String NONCE = "0123456789abcdef0123456789abcdef";

    /// With the mark of one for arm64.
    private static final String KERNEL =
            "a kernel of somebody else".repeat(3).substring(0, 56) + "ARMd";

    private static final String INITRD = "its initrd";

    private static final String INSTALLER =
            """
            kind: BootEnvironment
            name: os/installer
            version: 1.0.0
            inputs:
              domain: {type: string, default: lab}
              disk: {type: string}
            kernel: {url: "FROM/linux", sha256: KERNEL}
            initrds: [{url: "FROM/initrd", sha256: INITRD}]
            arguments:
              - auto=true
              - url=${{ boot.files }}/preseed.cfg
              - hostname=${{ machine.name }}.${{ inputs.domain }}
            files:
              preseed.cfg: {file: preseed.cfg}
              config.ign:
                json: {hostname: "${{ machine.name }}", serial: "${{ machine.facts.system.serial }}"}
              serial.txt: "serial=${{ machine.facts.system.serial }}"
            installs: true
            """;

    private static final String PRESEED =
            """
            d-i partman-auto/disk string ${{ inputs.disk }}
            d-i preseed/late_command string wget -O- ${{ boot.done }}
            """;

    private static final String BROKEN =
            """
            kind: BootEnvironment
            name: os/changed-there
            version: 1.0.0
            kernel: {url: "FROM/linux", sha256: OTHER}
            installs: true
            """;

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger fetches = new AtomicInteger();
    private HttpServer mirror;
    private TestEngine engine;
    private URI boot;

    @BeforeEach
    void start() throws IOException {
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/linux", KERNEL);
        serve("/initrd", INITRD);
        mirror.start();
        String from = "http://127.0.0.1:" + mirror.getAddress().getPort();
        Path image = Files.createDirectory(folder.resolve("image"));
        Files.writeString(image.resolve("kernel"), "a kernel");
        Files.writeString(image.resolve("initrd"), "an initrd");
        Path pack = folder.resolve("pack");
        write(pack.resolve("pack.yaml"), "kind: Pack\nname: systems\nversion: 1.0.0\n");
        write(
                pack.resolve("installer/module.yaml"),
                INSTALLER
                        .replace("FROM", from)
                        .replace("KERNEL", sha256(KERNEL))
                        .replace("INITRD", sha256(INITRD)));
        write(pack.resolve("installer/preseed.cfg"), PRESEED);
        write(
                pack.resolve("changed/module.yaml"),
                BROKEN.replace("FROM", from).replace("OTHER", sha256("what it was before")));
        write(
                folder.resolve("boot.yaml"),
                """
                kind: BootServer
                image: image
                http: 127.0.0.1:0
                strangers: admit
                engines: ['https://10.0.2.2:7475']
                mirrors: [127.0.0.0/8]
                """);
        Path data = folder.resolve("data");
        engine =
                TestEngine.start(
                        TestEngine.config(data)
                                .withPacks(List.of(pack))
                                .withBoot(BootSetup.load(folder.resolve("boot.yaml"))));
        boot = URI.create("http://127.0.0.1:" + Files.readString(data.resolve("boot-port")) + "/");
        assertThat(ask("boot/claim?mac=" + MAC + "&serial=53:31&nonce=" + NONCE).statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() {
        http.close();
        engine.close();
        mirror.stop(0);
    }

    private void serve(String path, String content) {
        mirror.createContext(
                path,
                exchange -> {
                    fetches.incrementAndGet();
                    exchange.sendResponseHeaders(200, content.length());
                    try (var out = exchange.getResponseBody()) {
                        out.write(content.getBytes(StandardCharsets.US_ASCII));
                    }
                });
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> ask(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(boot.resolve("/" + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String script() {
        return ask("boot/script?mac=" + MAC).body();
    }

    private HttpResponse<String> set(Map<String, Object> values) {
        return engine.post("/api/v1/machines/" + NODE + "/params", Map.of("set", values));
    }

    private JsonNode machine() {
        return engine.json(engine.get("/api/v1/machines/" + NODE));
    }

    private static String rest(String address) {
        return address.substring(address.indexOf("/boot/") + 1);
    }

    @Test
    void aMachineInstallsWhatItsParametersSayAndThenBootsItsDisk() {
        set(Map.of("boot_environment", "os/installer", "disk", "/dev/vda"));

        String script = script();

        assertThat(script)
                .contains("Formwork boots os/installer", "initrd=initrd0 auto=true url=http://")
                .contains("hostname=node-123456.lab")
                .contains("kernel " + boot + "sha256/" + sha256(KERNEL))
                .contains(boot + "sha256/" + sha256(INITRD));
        assertThat(ask("sha256/" + sha256(KERNEL)).body()).isEqualTo(KERNEL);
        assertThat(ask("boot/grub.cfg?mac=" + MAC).body()).contains("sha256/" + sha256(KERNEL));
        assertThat(ask("boot/script?mac=" + MAC + "&arch=x86_64").body())
                .contains(
                        "Formwork refuses: boot.no-architecture: os/installer is for arm64, and"
                                + " this machine is amd64\n");
        assertThat(ask("boot/script?mac=" + MAC + "&arch=arm64").body()).contains("kernel ");
        assertThat(fetches).as("each once").hasValue(2);
        String preseed = ask(rest(script.replaceAll("(?s).* url=(\\S+).*", "$1"))).body();
        assertThat(preseed).startsWith("d-i partman-auto/disk string /dev/vda\n");
        String done = rest(preseed.replaceAll("(?s).*wget -O- (\\S+).*", "$1"));
        assertThat(ask(done).statusCode()).isEqualTo(200);
        assertThat(script()).contains("on to the disk");
        assertThat(machine().path("disk").asString()).isEqualTo("installed");
        engine.post("/api/v1/machines/" + NODE + "/reinstall", Map.of());
        assertThat(machine().path("disk").asString()).isEqualTo("wanted");
        assertThat(script()).contains("Formwork boots os/installer");
    }

    @Test
    void aWrongDigestStopsTheBootWithAReason() {
        set(Map.of("boot_environment", "os/changed-there"));

        assertThat(script())
                .contains("Formwork refuses: artifact.wrong-digest", sha256(KERNEL))
                .doesNotContain("kernel ");
        assertThat(ask("boot/grub.cfg?mac=" + MAC).body()).contains("artifact.wrong-digest");
        assertThat(ask("sha256/" + sha256(KERNEL)).statusCode()).isEqualTo(404);
    }

    /// It starts again after each refusal, and so it is in a loop: that is not the reason.
    @Test
    void whoIsRefusedUntilItIsInALoopIsStillToldWhy() {
        set(Map.of("boot_environment", "os/changed-there"));
        for (int i = 0; i < Loops.MOST; i++) {
            assertThat(script()).contains("Formwork refuses: artifact.wrong-digest");
        }

        String why = "It was last refused with artifact.wrong-digest: ";
        Eventually.until(() -> script().contains(why), Duration.ofSeconds(30), this::script);
        assertThat(script())
                .contains("Formwork refuses: boot.loop: " + NODE + " has booted 5 times", why);
        assertThat(ask("boot/grub.cfg?mac=" + MAC).body()).contains("boot.loop", why);
        BootSeen.await(engine, "boot.loop", why);
    }

    @Test
    void saysWhatIsMissing() {
        HttpResponse<String> unknown = set(Map.of("boot_environment", "os/instaler"));
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body())
                .contains("boot.unknown-environment", "did you mean os/installer");

        set(Map.of("boot_environment", "os/installer"));
        assertThat(script()).contains("Formwork refuses: boot.input-missing", "disk");
        String id = machine().path("id").asString();
        set(Map.of("disk", "/dev/vda"));
        HttpResponse<String> none = ask("boot/files/" + id + "/preseed.txt");
        assertThat(none.body()).contains("boot.no-such-file");
    }

    @Test
    void nothingThatAMachineSaysBecomesMoreThanAValue() {
        set(Map.of("boot_environment", "os/installer", "disk", "/dev/vda"));
        String id = machine().path("id").asString();
        assertThat(ask("boot/files/" + id + "/serial.txt").body()).isEqualTo("serial=S1");

        String evil = "$(reboot)\"} %post";
        HttpResponse<String> hostile =
                ask(
                        "boot/claim?mac=52:54:00:00:00:99&serial="
                                + HexFormat.ofDelimiter(":")
                                        .formatHex(evil.getBytes(StandardCharsets.ISO_8859_1))
                                + "&nonce="
                                + NONCE.replace('0', '1'));
        assertThat(hostile.statusCode()).isEqualTo(200);
        String other = "/api/v1/machines/node-000099";
        engine.post(
                other + "/params",
                Map.of("set", Map.of("boot_environment", "os/installer", "disk", "a\nb")));
        String files = "boot/files/" + engine.json(engine.get(other)).path("id").asString() + "/";
        assertThat(ask(files + "serial.txt").body()).contains("boot.unsafe-value");
        assertThat(ask(files + "preseed.cfg").body()).contains("boot.unsafe-value");
        JsonNode ignition = TestEngine.JSON.readTree(ask(files + "config.ign").body());
        assertThat(ignition.path("serial").asString()).isEqualTo(evil);
    }
}
