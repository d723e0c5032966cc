package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.container.RegistryProcess;
import dev.formwork.agent.container.TestImage;
import dev.formwork.agent.container.TestRegistry;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.testkit.Needs;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Jobs in containers: real ones, of images from a registry and from an archive.
final class RunsContainersIT {
    private static TestImage image;
    private static String digest;

    private FakeEngine engine;
    private AgentProcess agent;
    private TestRegistry registry;
    private Path folder;

    @BeforeAll
    static void makeImage() throws Exception {
        Needs.root("make containers");
        Needs.programs("crun", "unshare", "ldd");
        image = TestImage.withShell().environment("GREETING=hello from the image");
        digest = image.index();
    }

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        registry = new TestRegistry();
        registry.add(image, "1");
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = new AgentProcess(folder, engine.url()).start();
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
        registry.close();
    }

    @Test
    void runsAScriptInAnImageOfARegistry() throws Exception {
        ModuleDigest module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "scripts/run.sh",
                                        """
                                        #!/bin/sh -e
                                        echo "$GREETING, $INPUT_WHO"
                                        id -u
                                        cat "$FORMWORK_MODULE_DIR/lib" /etc/name
                                        ls /
                                        cat "$FORMWORK_INPUTS" > "$FORMWORK_OUTPUTS/all"
                                        echo "$PWD $FORMWORK_MACHINE" > "$FORMWORK_OUTPUTS/place"
                                        echo written > /etc/name
                                        echo kept >> "$FORMWORK_STATE/kept"
                                        exit 0
                                        """
                                                .getBytes(StandardCharsets.UTF_8),
                                        "lib",
                                        "of the module\n".getBytes(StandardCharsets.UTF_8))));
        Job job = container("j-1", "").file(module, "scripts/run.sh").job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job))
                .startsWith("hello from the image, world\n0\nof the module\nbase")
                .contains("formwork")
                .doesNotContain("work/wt");
        assertThat(report.outputs())
                .containsEntry("place", TestJobs.json("\"/formwork/work node-1\""))
                .containsEntry("all", TestJobs.json("{\"who\": \"world\"}"));
        assertThat(agent.agentFolder().resolve("state/kept")).hasContent("kept");

        registry.close();
        Job again = container("j-2", "cat /etc/name; exit 3").output("place", "string").job();
        Report failed = run(again);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(engine.log(again)).as("nothing is left of the first").isEqualTo("base");
    }

    @Test
    void takesAnImageFromDockersOwnRegistry() throws Exception {
        Needs.programs("docker-registry");
        String manifest = image.manifest();
        try (RegistryProcess real = RegistryProcess.start(folder)) {
            real.push(image, manifest);
            String at = "http://" + real.address() + "/test/image";
            Job job =
                    TestJobs.shell("j-1", "echo here")
                            .container(spec(at + "@" + manifest, false))
                            .job();
            assertThat(run(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(engine.log(job)).isEqualTo("here\n");
            assertThat(code("j-2", spec(at + ":latest", true))).isNull();
            assertThat(code("j-3", spec(at + ":none", true))).isEqualTo("agent.image-refused");
        }
    }

    @Test
    void runsAnArchive() throws Exception {
        byte[] archive = image.archive();
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        String url = registry.serve("image.tar", archive);
        Files.writeString(folder.resolve("of-the-machine"), "seen");
        ContainerSpec spec =
                new ContainerSpec(
                        null,
                        new ContainerSpec.Archive(url, sha256),
                        false,
                        List.of("/bin/sh", "-x"),
                        "none",
                        List.of(
                                new ContainerSpec.Mount(
                                        folder.toString(), "/machine/folder", true)));
        Job job =
                TestJobs.shell(
                                "j-1",
                                "cat /machine/folder/of-the-machine; ls /sys/class/net; "
                                        + "echo x > /machine/folder/y || echo read-only; "
                                        + "mount -t tmpfs x /tmp || echo no mounts")
                        .container(spec)
                        .job();

        Report report = run(job);
        assertThat(report.outcome()).as(report + engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job))
                .contains("+ cat /machine", "seen", "\nlo\n", "read-only\n", "no mounts\n")
                .doesNotContain("eth0");
        assertThat(folder.resolve("y")).doesNotExist();

        Job other =
                TestJobs.shell("j-2", "true")
                        .container(
                                new ContainerSpec(
                                        null,
                                        new ContainerSpec.Archive(url, "0".repeat(64)),
                                        false,
                                        List.of(),
                                        "none",
                                        List.of()))
                        .job();
        assertThat(run(other).code()).isEqualTo("agent.image-digest");
    }

    @Test
    void asksTheCheckFirstAndPassesARebootOn() throws Exception {
        Job holds =
                container("j-1", "echo not this")
                        .check(
                                "echo it is > $FORMWORK_OUTPUTS/place; echo 1 > $FORMWORK_OUTPUTS/all")
                        .mode(JobMode.CHECK_THEN_RUN)
                        .job();
        assertThat(run(holds).outcome()).isEqualTo(Outcome.HOLDS);
        Job reboots =
                TestJobs.shell("j-2", "echo reboot > $FORMWORK_REQUEST")
                        .container(spec(pinned(), false))
                        .job();
        assertThat(run(reboots).outcome()).isEqualTo(Outcome.REBOOT);
        engine.await("the reboot", () -> power().contains("reboot"));
    }

    @Test
    void endsAllOfAContainerWhateverItStarted() throws Exception {
        Job job = container("j-1", "sleep 1000 & echo ready; cat; sleep 1000").grace(0).job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");
        assertThat(sleepers("j-1")).isNotEmpty();

        engine.cancel(job, Duration.ZERO);

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(sleepers("j-1")).isEmpty();
        assertThat(agent.children()).isEmpty();

        Job late = container("j-2", "sleep 1000").timeout(1).grace(0).job();
        assertThat(run(late).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(sleepers("j-2")).isEmpty();
    }

    @Test
    void letsAScriptThatWantsToEndByItself() {
        Job job =
                container(
                                "j-1",
                                "trap 'echo cleaned; exit 0' TERM; echo ready;"
                                        + " while :; do sleep 0.1; done")
                        .job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");

        engine.cancel(job, Duration.ofSeconds(30));

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(engine.log(job)).isEqualTo("ready\ncleaned\n");
    }

    @Test
    void outlivesTheAgentAndIsEndedByANewerAttempt() throws Exception {
        Job job = container("j-1", "echo ready; sleep 1000").job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");

        agent.kill();
        assertThat(sleepers("j-1")).isNotEmpty();
        agent.start();
        Job newer =
                container("j-1", "echo second; for i in 1 2; do sleep 0.1; done")
                        .output("place", "string")
                        .token(2)
                        .job();
        engine.offer(newer);
        engine.awaitLog(newer, "second\n");

        assertThat(engine.awaitReport(newer).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(sleepers("j-1")).isEmpty();
    }

    @Test
    void fetchesAgainWhatDidNotCome() throws Exception {
        registry.fail(2);
        Job job = TestJobs.shell("j-1", "echo here").container(spec(pinned(), false)).job();

        assertThat(run(job).outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void canBeCancelledWhileTheImageComes() throws Exception {
        registry.hang();
        Job job = container("j-1", "echo never").job();
        engine.offer(job);
        engine.awaitStart(job);
        engine.await("the call", () -> !registry.calls().isEmpty());

        engine.cancel(job, Duration.ZERO);

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void saysWhyThereIsNoContainer() throws Exception {
        String at = "http://" + registry.address() + "/test/image";
        assertThat(code("j-1", spec(at + ":1", false))).isEqualTo("agent.image-not-pinned");
        assertThat(code("j-2", spec(at + ":2", true))).isEqualTo("agent.image-refused");
        assertThat(code("j-3", spec(at + ":1", true))).isNull();
        assertThat(code("j-4", spec(at + "@sha256:" + "1".repeat(64), false)))
                .isEqualTo("agent.image-refused");
        assertThat(
                        code(
                                "j-5",
                                new ContainerSpec(
                                        pinned(),
                                        null,
                                        false,
                                        List.of(),
                                        "host",
                                        List.of(
                                                new ContainerSpec.Mount(
                                                        "/no/such", "/no/such", true)))))
                .isEqualTo("agent.mount-missing");
        TestImage forged = new TestImage().layer(tar -> tar.directory("bin", 0755));
        String index = forged.index();
        registry.add(forged, "forged");
        forged.blobs().keySet().stream()
                .filter(each -> !each.equals(index))
                .forEach(each -> registry.replace(each, new byte[] {1}));
        assertThat(code("j-6", spec(at + "@" + index, false))).isEqualTo("agent.image-digest");
    }

    private @Nullable String code(String id, ContainerSpec spec) {
        return run(TestJobs.shell(id, "true").container(spec).job()).code();
    }

    private String pinned() {
        return "http://" + registry.address() + "/test/image:1@" + digest;
    }

    private static ContainerSpec spec(String image, boolean tags) {
        return new ContainerSpec(image, null, tags, List.of(), "host", List.of());
    }

    private TestJobs container(String id, String script) {
        return TestJobs.shell(id, script)
                .container(spec(pinned(), false))
                .input("who", "\"world\"")
                .output("place", "string")
                .output("all", "object");
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    private String power() {
        try {
            return agent.power();
        } catch (IOException e) {
            return "";
        }
    }

    /// Processes of a job that see themselves in a container.
    private static List<ProcessHandle> sleepers(String job) {
        return ProcessHandle.allProcesses()
                .filter(each -> {
                    String environment = environment(each.pid());
                    return environment.contains("\0FORMWORK_JOB=" + job + "\0")
                            && environment.contains("FORMWORK_STATE=/formwork/state");
                })
                .toList();
    }

    private static String environment(long process) {
        try {
            return "\0"
                    + Files.readString(
                            Path.of("/proc/" + process + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
