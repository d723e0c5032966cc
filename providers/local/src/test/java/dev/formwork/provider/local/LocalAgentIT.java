package dev.formwork.provider.local;

import static dev.formwork.provider.local.LocalMachine.anyToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.host.Progress;
import dev.formwork.provider.tck.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class LocalAgentIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final LocalBench bench = new LocalBench();
    private final Provider provider = bench.open(ENGINE);

    @AfterEach
    void endWhatIsLeft() {
        provider.close();
        bench.close();
    }

    @Test
    void theAgentSeesThisEnvironmentAndNothingElse() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        Path directory = machine.directory().path();
        Map<String, String> seen = machine.environment();
        // What the shell of the stand-in adds by itself.
        for (String own : List.of("PWD", "OLDPWD", "SHLVL", "_")) {
            seen.remove(own);
        }

        Map<String, String> wanted = new TreeMap<>();
        wanted.put("PATH", LocalBench.ENVIRONMENT.get("PATH"));
        wanted.put("HOME", "/root");
        wanted.put("https_proxy", LocalBench.ENVIRONMENT.get("https_proxy"));
        wanted.put("FORMWORK_ENGINE_URL", "http://127.0.0.1:8080/");
        wanted.put("FORMWORK_BOOT_TOKEN_FILE", directory + "/boot-token");
        wanted.put("FORMWORK_AGENT_DIR", directory + "/agent");
        wanted.put("FORMWORK_ADDRESS", machine.instance().address());
        wanted.put("FORMWORK_MACHINE", "demo-members-0");
        wanted.put("FORMWORK_MACHINE_ID", machine.instance().machine().value());
        wanted.put("FORMWORK_BOOT_ID", machine.bootId());
        wanted.put("FORMWORK_REBOOT_COMMAND", MachineScripts.quote(directory + "/bin/reboot"));
        wanted.put(
                "FORMWORK_POWER_OFF_COMMAND", MachineScripts.quote(directory + "/bin/power-off"));
        wanted.put("FORMWORK_CA_FILE", "/etc/formwork/ca.pem");
        wanted.put("FORMWORK_CACHE", bench.data + "/cache");
        assertThat(seen).isEqualTo(wanted);
        assertThat(machine.bootId()).matches("[0-9a-f-]{36}");
    }

    @Test
    void onlyTheOwnerReadsWhatIsSecret() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon(); // The files of the stand-in have their names.

        assertThat(machine.directory().bootToken()).hasContent("the-boot-token");
        for (Path secret :
                List.of(
                        machine.directory().bootToken(),
                        machine.directory().record(),
                        machine.directory().agentLog(),
                        machine.directory().powerLog())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .as(secret.toString())
                    .isEqualTo("rw-------");
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(machine.directory().bin("launch"))))
                .isEqualTo("rwx------");
        try (var files = Files.walk(machine.directory().path())) {
            assertThat(files.filter(Files::isRegularFile).filter(f -> !f.endsWith("boot-token")))
                    .noneMatch(file -> contains(file, "the-boot-token"));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void theAgentLeadsASessionOfItsOwnSoThatItOutlivesTheEngine() throws Exception {
        Entry agent = LocalMachine.create(bench, provider).agent();

        String stat = Files.readString(Path.of("/proc/" + agent.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        assertThat(fields[3]).as("its session").isEqualTo(Long.toString(agent.pid()));
        assertThat(fields[4]).as("its terminal").isEqualTo("0");
    }

    @Test
    void aRestartLeavesDaemonsAndTheBootIdAndTakesTheUrlOfNow() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        Entry agent = machine.agent();
        Entry daemon = machine.daemon();
        String bootId = machine.bootId();
        Files.delete(machine.directory().agent().resolve("environment"));

        try (Provider moved =
                LocalProvider.open(
                        bench.context(ENGINE, "http://127.0.0.1:9999/"),
                        LocalBench.ENVIRONMENT,
                        Progress::unlessInterrupted)) {
            moved.capability(AgentSupervision.class).restartAgent(machine.instance().ref());
        }

        assertThat(bench.table.lives(agent)).isFalse();
        assertThat(bench.table.lives(daemon)).isTrue();
        assertThat(machine.agent().pid()).isNotEqualTo(agent.pid());
        assertThat(machine.environment())
                .containsEntry("FORMWORK_BOOT_ID", bootId)
                .containsEntry("FORMWORK_ENGINE_URL", "http://127.0.0.1:9999/");
    }

    @Test
    void manyLaunchesAtOnceLeaveOneAgent() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon();
        Eventually.holds("the agent started once", () -> machine.starts() == 1);
        bench.kill(machine.agent());

        List<Process> launches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            launches.add(
                    machine.run("setsid", "/bin/sh", machine.directory().bin("launch").toString()));
        }

        Eventually.holds(
                "all launches but one have ended",
                () -> launches.stream().filter(Process::isAlive).count() == 1);
        Eventually.holds("the agent started twice", () -> machine.starts() == 2);
        machine.awaitProcesses(2);
    }

    @Test
    void theRebootScriptEndsEverythingAndStartsTheAgentWithANewBootId() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        Entry agent = machine.agent();
        Entry daemon = machine.daemon();
        String before = machine.bootId();
        machine.run("setsid", "sh", "-c", "trap '' TERM; : >deaf; while :; do sleep 1; done");
        Path deaf = machine.directory().agent().resolve("deaf");
        Eventually.holds("a daemon is deaf", () -> Files.exists(deaf));

        assertThat(machine.runForShell("FORMWORK_REBOOT_COMMAND")).isZero();

        Eventually.holds("the agent started again", () -> machine.starts() == 2);
        assertThat(bench.table.lives(agent)).isFalse();
        assertThat(bench.table.lives(daemon)).isFalse();
        assertThat(machine.bootId()).isNotEqualTo(before);
        assertThat(machine.environment()).containsEntry("FORMWORK_BOOT_ID", machine.bootId());
        assertThat(
                        provider.capability(AgentSupervision.class)
                                .agentRunning(machine.instance().ref()))
                .isTrue();
        machine.daemon();
        machine.awaitProcesses(2);
    }

    @Test
    void aRestartDuringARebootLeavesOneAgentOfTheNewBoot() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        String before = machine.bootId();
        machine.daemon();

        assertThat(machine.runForShell("FORMWORK_REBOOT_COMMAND")).isZero();
        provider.capability(AgentSupervision.class).restartAgent(machine.instance().ref());

        Eventually.holds(
                "the boot id is new",
                () ->
                        Files.exists(machine.directory().bootId())
                                && !machine.bootId().equals(before));
        Eventually.holds(
                "the reboot is over",
                () ->
                        machine.processes().stream()
                                .noneMatch(p ->
                                        p.has(
                                                "FORMWORK_MACHINE_POWER="
                                                        + machine.instance().machine())));
        Eventually.holds(
                "the agent runs",
                () ->
                        provider.capability(AgentSupervision.class)
                                .agentRunning(machine.instance().ref()));
        assertThat(machine.agent().has("FORMWORK_BOOT_ID=" + machine.bootId())).isTrue();
        machine.daemon();
        machine.awaitProcesses(2);
    }

    @Test
    void theHostsOwnRebootIsAReboot() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        String before = machine.bootId();
        machine.processes().forEach(bench::kill);
        Files.writeString(machine.directory().bootId(), before + " an-earlier-boot/17\n");

        provider.capability(AgentSupervision.class).restartAgent(machine.instance().ref());

        assertThat(machine.bootId()).isNotEqualTo(before);
    }

    @Test
    void whatThePowerOffScriptEndedStaysOff() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon();
        String before = machine.bootId();

        assertThat(machine.runForShell("FORMWORK_POWER_OFF_COMMAND")).isZero();

        Eventually.holds("nothing runs", () -> machine.processes().isEmpty());
        AgentSupervision supervision = provider.capability(AgentSupervision.class);
        PowerControl power = provider.capability(PowerControl.class);
        assertThat(power.power(machine.instance().ref())).isEqualTo(PowerState.OFF);
        assertThat(
                        provider.capability(InstanceLifecycle.class)
                                .find(machine.instance().ref())
                                .map(Instance::state))
                .contains(InstanceState.STOPPED);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> supervision.restartAgent(machine.instance().ref()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.conflict"));
        assertThat(machine.processes()).isEmpty();

        power.powerOn(anyToken(), machine.instance().ref());

        assertThat(supervision.agentRunning(machine.instance().ref())).isTrue();
        assertThat(machine.bootId()).isNotEqualTo(before);
    }
}
