package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An engine under a certificate of its own.
final class TlsIT {
    private static final String PASSWORD = "changeit";

    private FakeEngine engine;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        engine = FakeEngine.started(context("engine"));
        engine.add(TestJobs.EMPTY_MODULE);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void trustsTheEngineThatTheFileNames() throws IOException {
        Job job = TestJobs.shell("j-1", "echo secure").job();
        engine.offer(job);
        try (AgentProcess agent = agent("engine")) {
            assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(agent.running().isAlive()).isTrue();
        }
    }

    @Test
    void tellsAnotherNothing() throws Exception {
        context("other");
        try (AgentProcess agent = agent("other")) {
            engine.await("a complaint", () -> output(agent).contains("does not answer"));
            assertThat(engine.registrations()).isEmpty();
        }
    }

    private AgentProcess agent(String trusted) throws IOException {
        return new AgentProcess(folder.resolve("machine"), engine.url())
                .with("FORMWORK_CA_FILE", folder.resolve(trusted + ".pem").toString())
                .start();
    }

    private static String output(AgentProcess agent) {
        try {
            return agent.outputText();
        } catch (IOException e) {
            return "";
        }
    }

    private SSLContext context(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "engine",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2");
        keytool(
                store,
                "-exportcert",
                "-rfc",
                "-alias",
                "engine",
                "-file",
                folder.resolve(name + ".pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path store, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-storetype",
                        "PKCS12"));
        assertThat(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor())
                .isZero();
    }
}
