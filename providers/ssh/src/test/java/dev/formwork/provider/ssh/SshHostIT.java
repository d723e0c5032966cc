package dev.formwork.provider.ssh;

import static dev.formwork.provider.ssh.MachineRequests.anyToken;
import static dev.formwork.provider.ssh.MachineRequests.lifecycle;
import static dev.formwork.provider.ssh.MachineRequests.refusal;
import static dev.formwork.provider.ssh.MachineRequests.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// What is on a host, as one finds it there.
class SshHostIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    /// Of a machine: nobody else who runs here at the same time has it.
    private final String id = "m-" + UUID.randomUUID();

    private SshBench bench = new SshBench(3);

    @AfterEach
    void endAll() {
        bench.close();
    }

    private void useAgent(String... command) {
        bench.close();
        bench = new SshBench(3, new AgentLaunch(List.of(command)));
    }

    @Test
    void theAgentIsToldWhoItIsAndOnlyItsOwnerReadsTheToken() throws Exception {
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id, "host-001"));
            Path machine = bench.directory("host-001").resolve("machine");
            Path seen = machine.resolve("agent/environment");
            Eventually.holds("the agent has started", () -> Files.exists(seen));

            assertThat(made.address()).isEqualTo("127.77.0.2");
            assertThat(Files.readAllLines(seen))
                    .contains(
                            "FORMWORK_ENGINE_URL=http://127.0.0.1:8080/",
                            "FORMWORK_BOOT_TOKEN_FILE=" + machine + "/boot-token",
                            "FORMWORK_AGENT_DIR=" + machine + "/agent",
                            "FORMWORK_ADDRESS=127.77.0.2",
                            "FORMWORK_MACHINE=demo-0",
                            "FORMWORK_MACHINE_ID=" + id)
                    .anyMatch(line -> line.startsWith("FORMWORK_CA_FILE=" + bench.root))
                    .noneMatch(line -> line.startsWith("SSH_"));
            assertThat(machine.resolve("boot-token")).hasContent("the-boot-token");
            for (String secret : List.of("boot-token", "launch", "agent.log")) {
                assertThat(
                                PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(machine.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            try (Stream<Path> files = Files.walk(bench.directory("host-001"))) {
                assertThat(files.filter(Files::isRegularFile).filter(SshHostIT::holdsTheToken))
                        .containsExactly(machine.resolve("boot-token"));
            }
        }
    }

    private static boolean holdsTheToken(Path file) {
        try {
            return Files.readString(file).contains("the-boot-token");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void whatIsThereIsNotBroughtAgain() {
        List<String> steps = new ArrayList<>();
        try (Provider provider = bench.open(ENGINE, steps::add)) {
            Instance first = lifecycle(provider).create(anyToken(), request(id, "host-000"));
            assertThat(steps).contains("upload files");
            lifecycle(provider).delete(anyToken(), first.ref());
            steps.clear();

            lifecycle(provider).create(anyToken(), request(id + "-second", "host-000"));

            assertThat(steps).isNotEmpty().doesNotContain("upload files");
        }
    }

    @Test
    void deletingEndsDaemonsThatAreDeaf() throws Exception {
        useAgent(
                "/bin/sh",
                "-c",
                "setsid env -u FORMWORK_AGENT_DIR sh -c 'trap \"\" TERM; : >deaf; while :; do sleep 1;"
                        + " done' & exec sleep 3600");
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id));
            Path deaf = bench.directory(made.ref()).resolve("machine/agent/deaf");
            Eventually.holds("a daemon is deaf", () -> Files.exists(deaf));
            assertThat(SshBench.processesOf(made.machine())).hasSizeGreaterThan(1);

            lifecycle(provider).delete(anyToken(), made.ref());

            assertThat(bench.remainsOf(made.machine())).isEmpty();
            assertThat(SshBench.processesOf(made.machine())).isEmpty();
        }
    }

    @Test
    void deletingEndsWhoHasSeveralLinesForAName() throws Exception {
        useAgent(
                "/bin/sh",
                "-c",
                """
                name=$(printf './one\nby\none') && cp /bin/sleep "$name" && "$name" 3600 &
                exec sleep 3600
                """);
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id));
            Eventually.holds(
                    "its name has several lines",
                    () ->
                            SshBench.processesOf(made.machine()).stream()
                                    .anyMatch(SshHostIT::isNamedInSeveralLines));

            lifecycle(provider).delete(anyToken(), made.ref());

            assertThat(SshBench.processesOf(made.machine())).isEmpty();
        }
    }

    private static boolean isNamedInSeveralLines(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/comm")).size() > 1;
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void deletingLeavesTheShellOfSomebodyWhoLooksAtTheMachine() {
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id));
            ProcessBuilder looking = new ProcessBuilder("sleep", "3600");
            looking.environment()
                    .put("PWD", bench.directory(made.ref()).resolve("machine/agent").toString());
            Process operator = started(looking);
            try {
                lifecycle(provider).delete(anyToken(), made.ref());

                assertThat(bench.remainsOf(made.machine())).isEmpty();
                assertThat(operator.isAlive()).isTrue();
            } finally {
                operator.destroyForcibly();
            }
        }
    }

    private static Process started(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"machine/agent/mounted", "machine"})
    void nothingIsRemovedThroughAMount(String where) throws Exception {
        Needs.root("mount");
        Needs.programs("mount", "umount");
        Path elsewhere = Files.createDirectories(bench.root.resolve("elsewhere"));
        Path directory = bench.directory("host-000");
        Files.createDirectories(directory.getParent());
        Files.createSymbolicLink(directory, elsewhere);
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id, "host-000"));
            Path at = Files.createDirectories(elsewhere.resolve(where));
            assertThat(
                            started(
                                            new ProcessBuilder(
                                                    "mount", "-t", "tmpfs", "none", at.toString()))
                                    .waitFor())
                    .isZero();
            try {
                Path kept = Files.writeString(at.resolve("kept"), "somebody's");

                ProblemException refused =
                        catchThrowableOfType(
                                ProblemException.class,
                                () -> lifecycle(provider).delete(anyToken(), made.ref()));

                assertThat(refused.code()).isEqualTo("provider.partial");
                assertThat(refused).hasMessageContaining(at.toString());
                assertThat(kept).hasContent("somebody's");
            } finally {
                assertThat(started(new ProcessBuilder("umount", at.toString())).waitFor()).isZero();
            }
            lifecycle(provider).delete(anyToken(), made.ref());

            assertThat(elsewhere.resolve("machine")).doesNotExist();
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void aDiskThatIsFullLeavesNoMark() throws Exception {
        Path directory = Files.createDirectories(bench.directory("host-000"));
        Files.createSymbolicLink(directory.resolve("mark.new"), Path.of("/dev/full"));
        try (Provider provider = bench.open(ENGINE)) {
            ProblemException refused = refusal(provider, request(id, "host-000"));

            assertThat(refused.code()).isEqualTo("provider.quota");
            assertThat(refused).hasMessageContaining("the disk of host host-000 is full");
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left).containsExactly(directory.resolve("lock"));
            }
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void aRestartLeavesWhatTheAgentStarted() throws Exception {
        try (Provider provider = bench.open(ENGINE)) {
            Instance made = lifecycle(provider).create(anyToken(), request(id));
            Path agent = bench.directory(made.ref()).resolve("machine/agent");
            Eventually.holds("a daemon runs", () -> Files.exists(agent.resolve("daemon")));
            long daemon = Long.parseLong(Files.readString(agent.resolve("daemon")).strip());

            provider.capability(AgentSupervision.class).restartAgent(made.ref());

            Eventually.holds(
                    "the agent started twice",
                    () -> Files.readAllLines(agent.resolve("starts")).size() == 2);
            assertThat(ProcessHandle.of(daemon)).get().matches(ProcessHandle::isAlive);
        }
    }

    @Test
    void aHostLosesItsAgentWhenTheConfigurationSaysSoAndGetsItBack() throws Exception {
        Instance made;
        try (Provider provider = bench.open(ENGINE)) {
            made = lifecycle(provider).create(anyToken(), request(id, "host-000"));
        }
        String agent = bench.read(made.ref(), "agent.pid").split(" ", -1)[0];
        Path worker = bench.directory(made.ref()).resolve("machine/worker");
        bench.with("agent", Value.of("none"));
        try (Provider provider = bench.open(ENGINE)) {
            provider.capability(AgentSupervision.class).takeUpAgent(made.ref());

            assertThat(worker).exists();
            assertThat(isGone(agent)).isTrue();
            assertThat(lifecycle(provider).find(made.ref()))
                    .get()
                    .extracting(Instance::state)
                    .isEqualTo(InstanceState.RUNNING);
        }
        bench.with("agent", Value.of("install"));
        try (Provider provider = bench.open(ENGINE)) {
            AgentSupervision supervision = provider.capability(AgentSupervision.class);
            assertThat(supervision.agentRunning(made.ref())).isFalse();

            supervision.restartAgent(made.ref());

            assertThat(supervision.agentRunning(made.ref())).isTrue();
            assertThat(worker).doesNotExist();
        }
    }

    /// Of the dead whom nobody has buried there is no environment.
    private static boolean isGone(String pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", pid, "environ")).length == 0;
        } catch (IOException gone) {
            return true;
        }
    }

    @Test
    void aHostWithFilesAndNoMarkIsNeitherTakenNorTouched() throws Exception {
        Path left = bench.directory("host-000").resolve("machine/kept");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "by hand");
        try (Provider provider = bench.open(ENGINE)) {
            ProblemException refused = refusal(provider, request(id, "host-000"));

            assertThat(refused.code()).isEqualTo("provider.quota");
            assertThat(lifecycle(provider).list()).isEmpty();
            assertThat(left).hasContent("by hand");
        }
    }

    @Test
    void aMarkThatIsDamagedIsTold() throws Exception {
        Files.createDirectories(bench.directory("host-000"));
        Files.writeString(
                bench.directory("host-000").resolve("mark"), "formwork 1\nengine $(id)\n");
        try (Provider provider = bench.open(ENGINE)) {
            ProblemException told =
                    catchThrowableOfType(ProblemException.class, () -> lifecycle(provider).list());

            assertThat(told.code()).isEqualTo("ssh.damaged-mark");
        }
    }

    @Test
    void anAgentThatEndsAtOnceIsToldWithWhatItSaid() {
        // Not before it has been seen alive.
        useAgent("/bin/sh", "-c", "sleep 0.3; echo 'no luck today'; exit 3");
        try (Provider provider = bench.open(ENGINE)) {
            ProblemException refused = refusal(provider, request(id));

            assertThat(refused.code()).isEqualTo("ssh.agent-not-started");
            assertThat(refused).hasMessageContaining("no luck today");
            assertThat(lifecycle(provider).list())
                    .singleElement()
                    .satisfies(half -> {
                        assertThat(half.state()).isEqualTo(InstanceState.CREATING);
                        lifecycle(provider).delete(anyToken(), half.ref());
                    });
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void refusesAJavaThatIsTooOld() throws Exception {
        useAgent("/somewhere/java", "-version");
        Path old = bench.root.resolve("old-java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"17.0.2\" 2022-01-18' >&2\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        for (String java : List.of(old.toString(), "/no/such/java")) {
            bench.with("java", Value.of(java));
            try (Provider provider = bench.open(ENGINE)) {
                ProblemException refused = refusal(provider, request("m-" + UUID.randomUUID()));
                assertThat(refused.code()).isEqualTo("ssh.java-too-old");
            }
        }
    }
}
