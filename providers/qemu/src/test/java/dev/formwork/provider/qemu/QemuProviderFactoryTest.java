package dev.formwork.provider.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.host.Progress;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;

class QemuProviderFactoryTest {
    private static final InstanceRequest REQUEST =
            new InstanceRequest(
                    new MachineId("m-1"),
                    "demo-members-0",
                    new BootToken("boot-token"),
                    Map.of(),
                    Value.Struct.EMPTY);

    @TempDir private Path data;

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(ProviderFactory.class))
                .extracting(ProviderFactory::type)
                .contains("qemu");
    }

    @Test
    void refusesAllThatIsWrongWithTheConfigurationTogether() {
        ProviderContext context =
                context(
                        Map.of(
                                "netwrok", Value.of("user"),
                                "network", Value.of("bridge"),
                                "netns", Value.of("../etc"),
                                "segment", Value.of("10.0.0.0/8"),
                                "accelerator", Value.of("fast"),
                                "grace_seconds", Value.of(-1)),
                        Optional.empty());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new QemuProviderFactory().open(context))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-config"))
                // The segment is no network for it, and there is none on a bridge.
                .satisfies(e -> assertThat(e.problems()).hasSize(7));
    }

    @Test
    void refusesADirectoryWhosePathIsTooLongForASocket() {
        Map<String, Value> config = Map.of("directory", Value.of("d".repeat(100)));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new QemuProviderFactory().open(context(config, Optional.empty())))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-config"))
                .withMessageContaining("directory");
    }

    @Test
    void opensWithoutQemuAndSaysWhatIsMissingWhenAMachineIsMade() {
        try (Provider provider =
                QemuProvider.open(
                        context(Map.of(), Optional.of(URI.create("http://127.0.0.1:1/"))),
                        Map.of("PATH", data.toString()),
                        Progress::unlessInterrupted,
                        List.of())) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);

            assertThat(lifecycle.list()).isEmpty();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle.create(new OperationToken("t-1"), REQUEST))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("qemu.missing-program"))
                    .withMessageContainingAll("qemu-system-x86_64", "setsid", "split");
            assertThat(lifecycle.list()).isEmpty();
        }
    }

    @Test
    void saysThatThereIsNothingToBootFrom() throws Exception {
        Path programs = Files.createDirectory(data.resolve("bin"));
        for (String program :
                List.of("qemu-system-x86_64", "setsid", "split", "mkfifo", "expr", "wc", "cat")) {
            Path file = Files.createFile(programs.resolve(program));
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        try (Provider provider =
                QemuProvider.open(
                        context(Map.of(), Optional.empty()),
                        Map.of("PATH", programs.toString()),
                        Progress::unlessInterrupted,
                        List.of())) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle.create(new OperationToken("t-1"), REQUEST))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("qemu.no-boot-server"));
        }
    }

    @Test
    void saysWhichFirmwareIsMissing() {
        Firmware nowhere = new Firmware(data.resolve("code.fd"), data.resolve("vars.fd"));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Firmware.find(List.of(nowhere)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("qemu.missing-firmware"))
                .withMessageContainingAll("code.fd", "apt-get install ovmf");
    }

    private ProviderContext context(Map<String, Value> config, Optional<URI> bootUrl) {
        return new ProviderContext(
                "qemu",
                new EngineId("e-1"),
                data,
                Value.of(config),
                URI.create("http://127.0.0.1:8080/"),
                bootUrl,
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random(1));
    }
}
