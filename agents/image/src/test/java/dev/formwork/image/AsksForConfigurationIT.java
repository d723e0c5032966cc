package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.formwork.image.disk.Digests;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// How a machine asks its boot server, in the shell that it has: what it says of itself, what it
/// shows of a refusal, and when it asks again.
class AsksForConfigurationIT {
    private static final String GOOD = "formwork-boot 1\nengine http://10.0.0.1\ntoken t\n";

    /// @param type of the content
    private record Answer(int status, String type, String body) {
        static Answer text(int status, String body) {
            return new Answer(status, "text/plain; charset=utf-8", body);
        }
    }

    @TempDir Path folder;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private MachineShell shell;

    @BeforeEach
    void start() throws IOException {
        Needs.programs("apt-get", "apt-cache");
        shell = new MachineShell(folder, List.of("words", "ask", "configure"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void namesTheBootByOneNonceThatNobodyElseReads() throws Exception {
        answers.add(Answer.text(503, "not yet"));
        answers.add(Answer.text(200, GOOD));

        ask("/boot?machine=1");

        Path nonce = folder.resolve("run/nonce");
        assertThat(Files.readString(nonce)).matches("[0-9a-f]{32}");
        assertThat(Files.getPosixFilePermissions(nonce))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String url = "/boot?machine=1&nonce=" + Files.readString(nonce);
        assertThat(asked).containsExactly(url, url);

        answers.add(Answer.text(200, GOOD));
        ask("/boot");
        assertThat(asked.getLast()).isEqualTo("/boot?nonce=" + Files.readString(nonce));
    }

    @Test
    void showsWhyItIsHeldBesideItsPairingCodeAndAsksEveryFiveSeconds() throws Exception {
        answers.add(Answer.text(403, "held for \u001b[2J approval\r\nreally\n"));
        answers.add(Answer.text(403, "held for \u001b[2J approval"));
        answers.add(Answer.text(409, "x".repeat(300)));
        answers.add(Answer.text(200, GOOD));

        ask("/boot");

        String digest =
                Digests.sha256(
                        new ByteArrayInputStream(Files.readAllBytes(folder.resolve("run/nonce"))));
        String code = digest.substring(0, 4) + "-" + digest.substring(4, 8);
        assertThat(shell.console())
                .containsExactly(
                        "<3>formwork: refused: the boot server "
                                + url("/boot")
                                + " says: held for [2J approval; the code of this machine is "
                                + code,
                        "<3>formwork: refused: the boot server "
                                + url("/boot")
                                + " says: "
                                + "x".repeat(200)
                                + "; the code of this machine is "
                                + code);
        assertThat(shell.waits()).containsExactly("5", "5", "5");
        assertThat(folder.resolve("run/boot/token")).hasContent("t");
        assertThat(folder.resolve("run/answer")).doesNotExist();
    }

    @Test
    void waitsLongerFromTryToTryWhereNobodyIsAboutToAct() throws Exception {
        for (int i = 0; i < 4; i++) {
            answers.add(new Answer(404, "text/html", "<html>"));
        }
        answers.add(Answer.text(500, ""));
        answers.add(new Answer(200, "text/html", "<html>"));
        answers.add(Answer.text(200, GOOD));

        ask("/");

        assertThat(shell.waits()).containsExactly("1", "2", "4", "8", "16", "16");
        assertThat(shell.console())
                .satisfiesExactly(
                        line -> assertThat(line).contains("says: 404 Not Found; the code"),
                        line -> assertThat(line).contains("no server:", "500 Internal"),
                        line -> assertThat(line).contains("no configuration:"));
    }

    @Test
    void saysThatThereIsNoServer() throws Exception {
        server.stop(0);
        Process machine = machine(url("/boot"));
        try {
            while (shell.waits().isEmpty()) {
                assertThat(machine.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
            }
        } finally {
            machine.destroyForcibly().waitFor();
        }
        assertThat(shell.console())
                .containsExactly("<3>formwork: no server: " + url("/boot") + " can't be reached");

        shell.clearConsole();
        assertThat(machine("file:///etc/passwd").waitFor()).isEqualTo(1);
        assertThat(shell.console().getFirst())
                .contains("no server: the kernel's arguments have no");
    }

    private void ask(String path) throws Exception {
        assertThat(machine(url(path)).waitFor()).isZero();
    }

    private Process machine(String url) throws IOException {
        return shell.start("configure", url);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            Answer answer = answers.remove();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
