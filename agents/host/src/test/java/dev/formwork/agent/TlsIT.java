package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/// An engine under a certificate of its own.
final class TlsIT {
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
        return TestKeys.make(folder, name, "ip:127.0.0.1").context();
    }
}
