package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Crashes of the agent that works on a host, of the engine and of the host; and connections to the
/// host that are lost.
final class SurvivesOnHostIT extends SurvivesIT {
    @Override
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return AgentProcess.insideOnHost(folder, engine);
    }

    @Override
    void beAProcess() throws IOException {
        agent.close();
        agent = AgentProcess.onHost(agent.output().resolveSibling(""), engine.url()).start();
    }

    @Test
    void doesAllOnceThoughConnectionsToTheHostAreLost() throws Exception {
        beAProcess();
        Path shell = agent.output().resolveSibling("shell");
        Files.writeString(
                shell,
                """
                # Each connection ends after some bytes: before the script has arrived, or when it was
                # run and nobody hears it.
                n=$(($(cat "$0.count" 2>/dev/null || echo 0) + 1))
                echo $n >"$0.count"
                case $((n % 4)) in
                  1) exit 255 ;;
                  2) sh -s | (dd bs=1 count=10 2>/dev/null; kill $$) ;;
                  3) sh -s | (dd bs=1 count=2000 2>/dev/null; kill $$) ;;
                  0) sh -s | (dd bs=1 count=600000 2>/dev/null; kill $$) ;;
                esac
                """);
        agent.terminate();
        agent.with("FORMWORK_HOST_SHELL", "sh " + shell).start();
        Job job =
                TestJobs.shell(
                                "j-1",
                                "echo x >> $FORMWORK_STATE/started; echo out; echo 1 > $FORMWORK_OUTPUTS/n")
                        .output("n", "integer")
                        .job();
        engine.offer(job);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("n", TestJobs.json("1"));
        assertThat(engine.log(job)).isEqualTo("out\n");
        assertThat(state.resolve("started")).hasContent("x");
        assertThat(agent.outputText()).contains("the host does not answer");
    }

    @Test
    void beginsAnewWhenTheHostWasRebooted() throws Exception {
        beAProcess();
        Path bootId = agent.output().resolveSibling("boot-id");
        Path shell = agent.output().resolveSibling("shell");
        Files.writeString(bootId, "aaaaaaaa-1\n");
        Files.writeString(
                shell,
                "sed -u 's#/proc/sys/kernel/random/boot_id#%s#' | sh -s\n".formatted(bootId));
        agent.terminate();
        agent.with("FORMWORK_HOST_SHELL", "sh " + shell).with("FORMWORK_BOOT_ID", "").start();
        Job job = TestJobs.shell("j-1", "echo before; sleep 1000").job();
        engine.offer(job);
        engine.awaitLog(job, "before\n");

        Files.writeString(bootId, "bbbbbbbb-2\n");
        agent.children().forEach(ProcessHandle::destroyForcibly);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.detail()).isEqualTo("the machine went down");
        assertThat(report.bootId()).isEqualTo("bbbbbbbb-2");
        assertThat(engine.log(job)).isEqualTo("before\n");
        assertThat(agent.running().isAlive()).isTrue();
    }
}
