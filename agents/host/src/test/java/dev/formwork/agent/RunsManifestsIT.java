package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// Manifests, applied by the real Puppet.
final class RunsManifestsIT {
    private FakeEngine engine;
    private AgentProcess agent;
    private Path greeting;
    private ModuleDigest module;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Needs.programs("puppet");
        greeting = folder.resolve("greeting");
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "site.pp",
                                        bytes("class { 'greeting': path => lookup('path') }\n"),
                                        "modules/greeting/manifests/init.pp",
                                        bytes(
                                                """
                                                class greeting (String $path) {
                                                  $who = lookup('who')
                                                  $from = lookup('from')
                                                  file { $path: ensure => file, content => "hello ${who} from ${from}\\n" }
                                                }
                                                """),
                                        "data/common.yaml",
                                        bytes("who: nobody\nfrom: the module\n"),
                                        "broken.pp",
                                        bytes("file { {\n"))));
        agent = new AgentProcess(folder, engine.url()).start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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

    private TestJobs site(String id) {
        return TestJobs.shell(id, "")
                .runner("puppet")
                .file(module, "site.pp")
                .input("who", "\"%{facts.os.name}\"")
                .input("path", "\"" + greeting + "\"");
    }

    @Test
    void appliesAManifestWithItsModulesAndItsData() throws IOException {
        Job job = site("j-1").output("changed", "integer").job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting)
                .as("an input is no expression of Hiera's")
                .hasContent("hello %{facts.os.name} from the module");
        assertThat(report.outputs()).containsEntry("changed", TestJobs.json("1"));
        assertThat(engine.log(job)).contains("Applied catalog");

        Job again = site("j-2").output("changed", "integer").job();
        assertThat(run(again).outputs()).containsEntry("changed", TestJobs.json("0"));
        try (Stream<Path> kept = Files.walk(agent.agentFolder().resolve("state/.puppet"))) {
            assertThat(kept.filter(Files::isRegularFile))
                    .as("no report stays")
                    .noneMatch(each -> each.toString().contains("report"));
        }
    }

    @Test
    void checksWithoutChangingAnything() throws IOException {
        Job before = site("j-1").mode(JobMode.CHECK).checksItself().job();
        assertThat(run(before).outcome()).as(engine.log(before)).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(greeting).doesNotExist();

        Files.writeString(greeting, "hello %{facts.os.name} from the module\n");
        Job after = site("j-2").mode(JobMode.CHECK).checksItself().job();
        assertThat(run(after).outcome()).as(engine.log(after)).isEqualTo(Outcome.HOLDS);

        Job broken = site("j-3").file(module, "broken.pp").mode(JobMode.CHECK).checksItself().job();
        Report unknown = run(broken);
        assertThat(unknown.outcome()).as(engine.log(broken)).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(unknown.code()).isEqualTo("puppet.not-applied");
    }

    @Test
    void saysThatResourcesFailed() {
        Job job = site("j-1").input("path", "\"/nowhere/at/all\"").job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.FAILED);
        assertThat(report.exitCode()).isEqualTo(4);
        assertThat(report.code()).isEqualTo("puppet.resource-failed");
        assertThat(report.detail()).startsWith("1 of Puppet's resources failed");
    }
}
