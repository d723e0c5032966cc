package dev.formwork.provider.local;

import static dev.formwork.provider.local.LocalMachine.anyToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.host.Directories;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.tck.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class LocalDeleteIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final LocalBench bench = new LocalBench();
    private final Provider provider = bench.open(ENGINE);
    private final InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);

    @AfterEach
    void endWhatIsLeft() {
        provider.close();
        bench.close();
    }

    @Test
    void endsDaemonsOfEveryKind() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon();
        machine.run("setsid", "sh", "-c", "trap '' TERM HUP; : >deaf; while :; do sleep 1; done");
        machine.run("sh", "-c", "env -i sleep 3600 & echo $! >unmarked; wait");
        Path deaf = machine.directory().agent().resolve("deaf");
        Path unmarked = machine.directory().agent().resolve("unmarked");
        Eventually.holds("the daemon is deaf", () -> Files.exists(deaf));
        Eventually.holds(
                "the unmarked child runs",
                () -> Files.exists(unmarked) && Files.size(unmarked) > 0);
        long child = Long.parseLong(Files.readString(unmarked).strip());

        lifecycle.delete(anyToken(), machine.instance().ref());

        assertThat(bench.remainsOf(machine.instance().machine())).isEmpty();
        assertThat(bench.table.find(child)).isEmpty();
    }

    @Test
    void leavesOtherMachinesAlone() throws Exception {
        LocalMachine gone = LocalMachine.create(bench, provider);
        LocalMachine kept = LocalMachine.create(bench, provider);
        kept.daemon();
        kept.awaitProcesses(2);
        List<Entry> before = kept.processes();

        lifecycle.delete(anyToken(), gone.instance().ref());

        assertThat(kept.processes()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(kept.directory().record()).exists();
    }

    @Test
    void followsNoSymbolicLinkAndGetsIntoClosedDirectories() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        Path outside = Files.createDirectory(bench.data.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "");
        Path agent = machine.directory().agent();
        Files.createSymbolicLink(agent.resolve("link"), outside);
        Path closed = Files.createDirectory(agent.resolve("closed"));
        Files.writeString(closed.resolve("file"), "");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

        lifecycle.delete(anyToken(), machine.instance().ref());

        assertThat(bench.remainsOf(machine.instance().machine())).isEmpty();
        assertThat(outside.resolve("kept")).exists();
    }

    @Test
    void aMachineWhoseDirectoryWasRemovedByHandIsGoneAndItsProcessesGoToo() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon();
        Directories.empty(machine.directory().path(), null);
        Files.delete(machine.directory().path());

        assertThat(lifecycle.find(machine.instance().ref())).isEmpty();
        assertThat(lifecycle.list()).isEmpty();

        lifecycle.delete(anyToken(), machine.instance().ref());

        assertThat(bench.remainsOf(machine.instance().machine())).isEmpty();
    }

    @Test
    void aMachineWhoseProcessesWereKilledIsStoppedAndCanBeDeleted() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        machine.daemon();
        machine.processes().forEach(bench::kill);

        assertThat(lifecycle.find(machine.instance().ref()).map(Instance::state))
                .contains(InstanceState.STOPPED);

        lifecycle.delete(anyToken(), machine.instance().ref());

        assertThat(bench.remainsOf(machine.instance().machine())).isEmpty();
    }

    @Test
    void aDamagedRecordIsToldAndNotGuessedAt() throws Exception {
        LocalMachine machine = LocalMachine.create(bench, provider);
        Files.writeString(machine.directory().record(), "{\"format\": 2}");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(lifecycle::list)
                .satisfies(e -> assertThat(e.code()).isEqualTo("local.damaged-record"))
                .withMessageContaining(machine.directory().record().toString());
    }

    @Test
    void anAgentThatDoesNotStartIsToldAndWhatWasMadeCanBeDeleted() {
        try (LocalBench other =
                        new LocalBench(new AgentLaunch(List.of("/nowhere/at/all", "--agent")));
                Provider failing = other.open(ENGINE)) {
            InstanceLifecycle instances = failing.capability(InstanceLifecycle.class);
            OperationToken token = anyToken();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> instances.create(token, LocalMachine.request()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("local.agent-not-started"))
                    .withMessageContaining("agent.log");

            Instance half = instances.list().getFirst();
            assertThat(half.state()).isEqualTo(InstanceState.CREATING);
            instances.delete(anyToken(), half.ref());
            assertThat(instances.list()).isEmpty();
            assertThat(other.remainsOf(half.machine())).isEmpty();
        }
    }
}
