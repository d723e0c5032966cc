package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The agent's folder on a small file system that fills up.
final class DiskFullIT {
    private FakeEngine engine;
    private AgentProcess agent;
    private Path disk;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        disk = Files.createDirectories(folder.resolve("agent"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString()))
                .as("only root can mount")
                .isZero();
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = new AgentProcess(folder, engine.url()).start();
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        engine.close();
        run("umount", "-l", disk.toString());
    }

    @Test
    void reportsAJobThatItCannotWriteDownAndTakesTheNext() throws IOException {
        Job fills =
                TestJobs.shell("j-1", "cat /dev/zero > $FORMWORK_STATE/fill 2>/dev/null; true")
                        .job();
        engine.offer(fills);
        assertThat(engine.awaitReport(fills).outcome()).isEqualTo(Outcome.SUCCEEDED);

        // Whatever the end of a job has freed is filled as well.
        Path folder = disk.resolve("jobs/j-1.1");
        engine.await("the job's folder is gone", () -> !Files.exists(folder));
        run("sh", "-c", "cat /dev/zero > " + disk.resolve("state/more"));
        Job none = TestJobs.shell("j-2", "echo never").job();
        engine.offer(none);
        Report report = engine.awaitReport(none);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("agent.disk-full");
        assertThat(engine.log(none)).isEmpty();

        Files.delete(disk.resolve("state/fill"));
        Job next = TestJobs.shell("j-3", "echo fine").job();
        engine.offer(next);
        assertThat(engine.awaitReport(next).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(next)).isEqualTo("fine\n");
    }

    @Test
    void knowsHowAJobEndedThatFilledTheDisk() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo before
                                sleep 1
                                cat /dev/zero > $FORMWORK_STATE/fill 2>/dev/null
                                exit 3
                                """)
                        .job();
        engine.offer(job);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.exitCode()).isEqualTo(3);
        assertThat(report.code()).isEqualTo("agent.disk-full");
        assertThat(engine.log(job)).startsWith("before\n");
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
