package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.server.Eventually;
import dev.formwork.server.TestAgents;
import dev.formwork.server.TestEngine;
import dev.formwork.server.contract.Contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The boot server in an engine, asked by HTTP as iPXE and the container OS ask it.
class BootIT {
    private static final String MAC = "52:54:00:12:34:56";
    private static final String NONCE = "0123456789abcdef0123456789abcdef";

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestEngine engine;
    private URI boot;

    @BeforeEach
    void start() throws IOException {
        Path image = Files.createDirectory(folder.resolve("image"));
        Files.writeString(image.resolve("kernel"), "a kernel");
        Files.writeString(image.resolve("initrd"), "an initrd");
        Files.writeString(image.resolve("manifest"), "not for machines");
        start("");
    }

    private void start(String more) throws IOException {
        Path file = folder.resolve("boot.yaml");
        Files.writeString(
                file,
                "kind: BootServer\nimage: image\nhttp: 127.0.0.1:0\n"
                        + "engines: ['https://10.0.2.2:7475']\narguments: [console=ttyS0]\n"
                        + more);
        Path data = folder.resolve("data");
        engine = TestEngine.start(TestEngine.config(data).withBoot(BootSetup.load(file)));
        boot = URI.create("http://127.0.0.1:" + Files.readString(data.resolve("boot-port")) + "/");
    }

    @AfterEach
    void stop() {
        http.close();
        engine.close();
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

    private String script(String query) {
        return ask("boot/script?" + query).body();
    }

    private HttpResponse<String> register(String claimed, boolean persistent) {
        return register(
                claimed, Map.of("root", Map.of("filesystem", "ext4", "persistent", persistent)));
    }

    /// Registers as the agent of a machine does, with the token of the answer to its claim.
    private HttpResponse<String> register(String claimed, Map<String, Object> more) {
        String token = claimed.lines().filter(it -> it.startsWith("token ")).findFirst().get();
        Map<String, Object> facts = new HashMap<>();
        facts.put("hostname", "h");
        facts.put("os", Map.of());
        facts.put("cpu", Map.of("architecture", "amd64", "count", 2));
        facts.put("memory", Map.of("bytes", 1));
        facts.putAll(more);
        return engine.send(
                HttpRequest.newBuilder(engine.uri().resolve("/agent/v1/register"))
                        .header("Formwork-Protocol", "1")
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        TestEngine.JSON.writeValueAsString(
                                                Map.of(
                                                        "bootToken",
                                                        token.substring("token ".length()),
                                                        "credential",
                                                        "c".repeat(43),
                                                        "agentVersion",
                                                        "1",
                                                        "bootId",
                                                        "b-1",
                                                        "facts",
                                                        facts)))));
    }

    private JsonNode machine(String name) {
        return engine.json(engine.get("/api/v1/machines/" + name));
    }

    @Test
    void anUnknownMachineBootsReportsItsFactsAndIsApproved() {
        assertThat(ask("boot.ipxe").body()).startsWith("#!ipxe").contains(boot.getAuthority());
        String script = script("mac=" + MAC + "&platform=efi&serial=53:31");
        String claim =
                script.lines()
                        .filter(line -> line.startsWith("kernel "))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll(".*formwork\\.boot=http://[^/]*/(\\S+).*", "$1");
        assertThat(script)
                .contains("console=ttyS0", "BOOTIF=01-52-54-00-12-34-56", boot + "initrd");
        assertThat(ask("kernel").body()).isEqualTo("a kernel");
        assertThat(ask("manifest").statusCode()).isEqualTo(404);

        HttpResponse<String> claimed = ask(claim + "&nonce=" + NONCE);
        assertThat(claimed.body())
                .startsWith("formwork-boot 1\nengine https://10.0.2.2:7475\ntoken ")
                .contains("\nhostname node-123456\n");
        assertThat(register(claimed.body(), false).statusCode()).isEqualTo(200);

        assertThat(machine("node-123456").path("state").asString()).isEqualTo("held");
        assertThat(machine("node-123456").path("facts").path("cpu").path("count").asInt())
                .isEqualTo(2);
        assertThat(machine("node-123456").path("hardware").path("serial").asString())
                .isEqualTo("S1");
        String code = machine("node-123456").path("held").path(0).path("code").asString();
        HttpResponse<String> wrong =
                engine.post("/api/v1/machines/node-123456/approve", Map.of("code", "0000-0000"));
        assertThat(wrong.statusCode()).isEqualTo(409);
        engine.post("/api/v1/machines/node-123456/approve", Map.of("code", code));
        assertThat(machine("node-123456").path("state").asString()).isEqualTo("ready");
        assertThat(ask(claim + "&nonce=" + NONCE).statusCode()).isEqualTo(403);
    }

    /// By what its hypervisor has written into SMBIOS: also behind another network interface.
    @Test
    void anInstanceOfACloudIsRecognisedByItsId() throws IOException {
        String cloud =
                "&manufacturer=" + hex("Amazon EC2") + "&board=" + hex("i-0123456789abcdef0");
        String uuid = "&uuid=ec2e1916-9099-4caf-ad21-012345abcdef";
        assertThat(script("mac=" + MAC + uuid + cloud))
                .as("the container OS says it too")
                .contains("&board=" + hex("i-0123456789abcdef0"));
        ask("boot/claim?mac=" + MAC + uuid + cloud + "&nonce=" + NONCE);

        String route = "/api/v1/machines/node-123456";
        HttpResponse<String> known = engine.get(route);
        Contract.read().requireAnswer("GET", "/api/v1/machines/{machine}", known);
        assertThat(engine.json(known).path("hardware").path("cloud_id").asString())
                .isEqualTo("aws:i-0123456789abcdef0");
        assertThat(
                        ask("boot/claim?mac=52:54:00:99:99:99" + uuid + cloud + "&nonce=" + NONCE)
                                .body())
                .contains("\nhostname node-123456\n");
        assertThat(script("mac=52:54:00:99:99:99" + cloud))
                .as("the id alone, which anybody can say")
                .contains("boot.unclear-machine");
        assertThat(script("mac=" + MAC + cloud.replace("66:30", "66:31")))
                .contains("boot.unclear-machine", "another cloud id");
    }

    private static String hex(String text) {
        return HexFormat.ofDelimiter(":").formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// What it says of itself by SMBIOS, and its agent by its facts.
    @Test
    void hostileTextOfAnUnknownMachineGoesNowhereUnencoded() {
        String hostile =
                "\u001b[2J\u009b1m\r\n'; reboot; ${net0/mac} || shell <b>`id` $(id)&mac=evil \"";
        String digits =
                HexFormat.ofDelimiter(":").formatHex(hostile.getBytes(StandardCharsets.ISO_8859_1));
        StringJoiner query = new StringJoiner("&");
        query.add("mac=" + MAC).add("uuid=$%7Bx%7D%0a").add("arch=a%20b").add("platform=';%0d");
        for (String name : List.of("serial", "asset", "board", "manufacturer", "product")) {
            query.add(name + "=" + digits);
        }

        String script = script(query.toString());
        String grub = ask("boot/grub.cfg?" + query).body();
        for (String text : List.of(script, grub)) {
            assertThat(text)
                    .contains("serial=" + digits)
                    .doesNotContainPattern("[^ -~\n]")
                    .doesNotContain("shell", "net0", "`", "$(", "<b>", "evil", "; reboot");
        }
        String claim = query + "&nonce=" + NONCE;
        HttpResponse<String> claimed = ask("boot/claim?" + claim);
        assertThat(claimed.body().lines())
                .allMatch(line -> line.matches("formwork-boot 1|(engine|token|hostname) [ -~]+"))
                .noneMatch(line -> line.contains("shell"));
        String route = "/api/v1/machines/node-123456";
        JsonNode system = machine("node-123456").path("facts").path("system");
        assertThat(system.path("serial").isMissingNode()).as("none that is printable").isTrue();
        for (String name : List.of("asset", "manufacturer", "product")) {
            assertThat(system.path(name).asString())
                    .startsWith("?[2J?1m??'; reboot; ${net0/mac} || shell <b>");
        }
        register(claimed.body(), Map.of("hostname", hostile, "system", Map.of("board", hostile)));
        String api = engine.get(route).body();
        assertThat(api).doesNotContainPattern("[\\x00-\\x1f]");
        assertThat(machine("node-123456").path("facts").path("hostname").asString())
                .isEqualTo(hostile);
        assertThat(machine("node-123456").path("hardware").has("cloud_id")).isFalse();
        assertThat(script(query.toString())).isEqualTo(script);
        assertThat(script(query + "&uuid=aaaaaaaa-0000-4000-8000-00000000000a"))
                .doesNotContainPattern("[^ -~\n]");
        HttpResponse<String> refused = ask("boot/claim?mac=" + MAC + "&nonce=" + hostile(digits));
        assertThat(refused.body()).contains("boot.no-nonce").doesNotContain("shell");
    }

    private static String hostile(String digits) {
        return "%" + digits.replace(":", "%");
    }

    @Test
    void aClaimWithoutANonceIsRefusedAndSaysWhy() {
        HttpResponse<String> refused = ask("boot/claim?mac=" + MAC);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("boot.no-nonce");
    }

    /// Held, it polls and is given nothing; approved, it does the work that waited for it.
    @Test
    void aMachineThatIsApprovedGoesOnToWork() {
        String claimed = ask("boot/claim?mac=" + MAC + "&nonce=" + NONCE).body();
        String token = claimed.lines().filter(it -> it.startsWith("token ")).findFirst().get();
        String cluster =
                """
                kind: Cluster
                name: demo
                workflow: greeting
                groups: {members: {machines: [node-123456]}}
                """;
        Queue<String> jobs = new ConcurrentLinkedQueue<>();
        try (TestAgents agents =
                new TestAgents(
                        engine,
                        job -> {
                            jobs.add(job.path("step").asString());
                            return TestAgents.obliging(job);
                        })) {
            agents.start("node-123456", token.substring("token ".length()));
            awaitState("held");
            String applied = engine.apply(cluster);
            Eventually.until(
                    () ->
                            engine.get(
                                            "/api/v1/runs/"
                                                    + applied
                                                    + "/nodes/greet@node-123456/explain")
                                    .body()
                                    .contains("node-123456 is held until somebody approves it"),
                    Duration.ofSeconds(30),
                    () -> engine.get("/api/v1/runs/" + applied + "/nodes").body());
            assertThat(jobs).isEmpty();

            engine.post("/api/v1/machines/node-123456/approve", Map.of());
            JsonNode run = engine.ended(applied);

            assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("succeeded");
            assertThat(jobs).containsExactly("greet", "announce");
        }
    }

    private void awaitState(String state) {
        Eventually.until(
                () -> machine("node-123456").path("state").asString().equals(state),
                Duration.ofSeconds(30),
                () -> machine("node-123456").toString());
    }

    @Test
    void aMachineThatBootsAgainAndAgainInVainIsStopped() {
        ask("boot/claim?mac=" + MAC + "&nonce=" + NONCE);
        for (int i = 0; i < Loops.MOST; i++) {
            assertThat(script("mac=" + MAC)).contains("kernel ");
        }

        assertThat(script("mac=" + MAC)).contains("Formwork refuses: boot.loop");
    }

    @Test
    void explainSaysWhyAMachineIsInALoop() {
        String claim = "boot/claim?mac=" + MAC + "&nonce=" + NONCE;
        register(ask(claim).body(), false);
        assertThat(ask(claim).body()).contains("boot.token-used");
        for (int i = 0; i < Loops.MOST; i++) {
            assertThat(script("mac=" + MAC)).contains("kernel ");
        }
        String why =
                "boot.loop: node-123456 has booted 5 times within 30 minutes, and its agent has"
                        + " never called. It was last refused with boot.token-used: this boot of"
                        + " node-123456 has registered already";
        assertThat(script("mac=" + MAC)).contains("Formwork refuses: " + why + "\n");

        String run =
                engine.apply(
                        """
                        kind: Cluster
                        name: demo
                        workflow: greeting
                        groups: {members: {machines: [node-123456]}}
                        """);
        for (String node : List.of("greet", "announce")) {
            String path = "/api/v1/runs/" + run + "/nodes/" + node + "@node-123456/explain";
            Eventually.until(
                    () -> engine.get(path).body().contains(why),
                    Duration.ofSeconds(30),
                    () -> engine.get(path).body());
        }
    }

    /// The first to claim it is that machine, and stays it; the other's console says what is wrong,
    /// and so does the engine.
    @Test
    void twoMachinesWithOneMacAddressAreNotMerged() {
        String first = "mac=" + MAC + "&uuid=aaaaaaaa-0000-4000-8000-00000000000a";
        String second = "mac=" + MAC + "&uuid=bbbbbbbb-0000-4000-8000-00000000000b";
        ask("boot/claim?" + first + "&nonce=" + NONCE);

        assertThat(script(second))
                .contains(
                        "echo Formwork refuses: boot.unclear-machine: it is not clear which machine"
                                + " this is: it has something of node-123456, but another SMBIOS"
                                + " UUID: two have one MAC address, or its board was replaced\n")
                .doesNotContain("kernel ");
        assertThat(ask("boot/grub.cfg?" + second).body()).contains("boot.unclear-machine");
        HttpResponse<String> refused =
                ask("boot/claim?" + second + "&nonce=" + NONCE.replace('0', '1'));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("boot.unclear-machine");
        assertThat(script(first)).contains("kernel ");
        BootSeen.await(engine, "boot.unclear-machine", "something of node-123456");
    }

    @Test
    void aMachineIsNotGivenTheKernelOfAnotherProcessor() throws IOException {
        byte[] kernel = new byte[1024];
        System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, kernel, 0x202, 4);
        Files.write(folder.resolve("image/kernel"), kernel);

        assertThat(script("mac=" + MAC + "&arch=arm64&platform=efi"))
                .contains(
                        "Formwork refuses: boot.no-architecture: the container OS is for amd64, and"
                                + " this machine is arm64\n");
        for (String architecture : List.of("&arch=x86_64", "&arch=i386", "")) {
            assertThat(script("mac=" + MAC + architecture)).contains("kernel ");
        }
        BootSeen.await(engine, "boot.no-architecture", "52:54:00:12:34:56 boots nothing");
    }

    @Test
    void keepsItsPortOverRestartsAndHasStrangersRefused() throws IOException {
        URI before = boot;
        engine.close();
        start("strangers: refuse\n");

        assertThat(boot).isEqualTo(before);
        assertThat(script("mac=" + MAC)).contains("Formwork refuses: boot.unknown-machine");
        assertThat(ask("boot/claim?mac=" + MAC + "&nonce=" + NONCE).statusCode()).isEqualTo(403);
        assertThat(engine.get("/api/v1/machines").body()).doesNotContain("node-");
    }

    @Test
    void aMachineWithASystemOfItsOwnGoesOnToItsDisk() {
        register(ask("boot/claim?mac=" + MAC + "&nonce=" + NONCE).body(), true);

        assertThat(script("mac=" + MAC)).contains("on to the disk");
        assertThat(ask("boot/grub.cfg?mac=" + MAC).body()).contains("on to the disk");
    }

    @Test
    void givesTheConfigurationForIgnitionToWhoAsksBesideItsClaim() throws IOException {
        String asked = "boot/ignition?mac=" + MAC + "&nonce=" + NONCE;
        assertThat(ask(asked).statusCode()).isEqualTo(404);
        engine.close();
        String configuration = "{\"ignition\": {\"version\": \"3.3.0\"}, \"note\": \"\u00fc\"}";
        Path file = Files.writeString(folder.resolve("machines.ign"), configuration);
        start("ignition: machines.ign\n");
        Files.writeString(file, "{");

        assertThat(ask(asked).body()).isEqualTo(configuration);
    }

    @Test
    void saysWhatIsWrongWithItsFile() throws IOException {
        Files.createDirectory(folder.resolve("programs"));
        Files.writeString(folder.resolve("programs/undionly.kpxe"), "iPXE");
        Path file = folder.resolve("wrong.yaml");
        Files.writeString(file, "kind: BootServer\nimage: nowhere\n");
        refused(file, "boot.no-image");
        Files.writeString(file, "kind: BootServer\nimage: image\nhttp: here\n");
        refused(file, "boot.bad-address");
        Files.writeString(file, "kind: BootServer\nimage: image\nlinks: [br0]\n");
        refused(file, "boot.no-programs");
        Files.writeString(file, "kind: BootServer\nimage: image\nprogams: /usr/lib/ipxe\n");
        refused(file, "yaml.unknown-key");
        Files.writeString(
                file,
                """
                kind: BootServer
                image: image
                links: [br0]
                programs: programs
                subnets: [{network: 10.0.0.0/24, ranges: [10.0.0.1]}]
                """);
        refused(file, "boot.bad-range");
        Files.writeString(file, "kind: BootServer\nimage: image\nengines: [10.0.0.1]\n");
        refused(file, "boot.bad-engine");
        Files.writeString(file, "kind: BootServer\nimage: image\nignition: machines.ign\n");
        refused(file, "boot.bad-ignition");
        for (String wrong : List.of("{", "[]", "ignition: {}", "{\"ignition\": {}}")) {
            Files.writeString(folder.resolve("machines.ign"), wrong);
            refused(file, "boot.bad-ignition");
        }
        refused(folder.resolve("none.yaml"), "boot.unreadable");
    }

    private static void refused(Path file, String code) {
        assertThatThrownBy(() -> BootSetup.load(file))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
