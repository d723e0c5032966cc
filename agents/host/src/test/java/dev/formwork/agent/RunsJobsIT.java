package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/// Jobs that nothing disturbs.
final class RunsJobsIT {
    private FakeEngine engine;
    private AgentProcess agent;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = new AgentProcess(folder, engine.url()).start();
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    @Test
    void runsAScriptAndReportsItsOutputsAndItsLog() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo hello $INPUT_CLIENT_PORT
                                echo oops >&2
                                echo "https://$FORMWORK_ADDRESS:$INPUT_CLIENT_PORT" \
                                  > $FORMWORK_OUTPUTS/client_url
                                echo '{"a": [1, 2]}' > $FORMWORK_OUTPUTS/detail
                                """)
                        .input("client_port", "2379")
                        .output("client_url", "string")
                        .output("detail", "object")
                        .job();

        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.exitCode()).isZero();
        assertThat(report.outputs())
                .containsEntry("client_url", TestJobs.json("\"https://127.1.0.2:2379\""))
                .containsEntry("detail", TestJobs.json("{\"a\": [1, 2]}"));
        assertThat(engine.log(job)).isEqualTo("hello 2379\noops\n");
        assertThat(report.logBytes()).isEqualTo(16);
        assertThat(report.bootId()).isEqualTo("boot-1");
        assertThat(engine.starts()).containsExactly(FakeEngine.start(job));
    }
}
