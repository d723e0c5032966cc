package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.formwork.server.tls.TestAuthority;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `install.sh` as it fetches the agent.
class InstallScriptIT {
    @TempDir private Path folder;
    private final List<String> asked = new ArrayList<>();
    private HttpServer engine;
    private AgentPackage agent;
    private byte[] served;

    InstallScriptIT() {
        Needs.programs("python3", "tar");
    }

    @BeforeEach
    void serve() throws IOException {
        agent = InstallScriptTest.agentPackage(folder);
        served = Files.readAllBytes(agent.file(AgentPackage.ownKind(), Optional.empty()));
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext(
                "/",
                exchange -> {
                    asked.add(exchange.getRequestURI().toString());
                    exchange.sendResponseHeaders(200, served.length);
                    exchange.getResponseBody().write(served);
                    exchange.close();
                });
        engine.start();
    }

    @AfterEach
    void stop() {
        engine.stop(0);
    }

    /// What stands before the agent's start is run, without its pauses.
    private String run(int exitCode) throws IOException, InterruptedException {
        String script =
                new InstallScript(
                                List.of(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + engine.getAddress().getPort())),
                                TestAuthority.fresh().pem(),
                                agent)
                        .script(InstallScriptTest.request(), Optional.empty());
        Path file =
                Files.writeString(
                        folder.resolve("install.sh"),
                        script.substring(0, script.indexOf("cat >\"$home/launch\""))
                                .replace("time.sleep(5)", "time.sleep(0)"));
        Path out = folder.resolve("out");
        ProcessBuilder shell =
                new ProcessBuilder("/bin/sh", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
        shell.environment().put("FORMWORK_HOME", home().toString());
        assertThat(shell.start().waitFor()).as(Files.readString(out)).isEqualTo(exitCode);
        return Files.readString(out);
    }

    private Path home() {
        return folder.resolve("home");
    }

    @Test
    void takesTheAgentThatItWasToldOf() throws Exception {
        run(0);

        assertThat(home().resolve("package/lib/agent.jar")).content().isEqualTo("the agent");
        assertThat(asked)
                .containsExactly(
                        "/agent/v1/package/"
                                + AgentPackage.ownKind()
                                + "?sha256="
                                + agent.sha256(AgentPackage.ownKind()));
    }

    @Test
    void takesNoOther() throws Exception {
        served = "another archive".getBytes(StandardCharsets.UTF_8);

        assertThat(run(1)).contains("agent.package-digest", "make the machine anew");

        assertThat(home().resolve("package")).doesNotExist();
        assertThat(home().resolve("package.tar.gz")).doesNotExist();
    }
}
