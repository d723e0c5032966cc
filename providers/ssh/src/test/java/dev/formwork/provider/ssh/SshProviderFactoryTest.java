package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
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
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;

class SshProviderFactoryTest {
    @TempDir private Path folder;

    private ProviderContext context(Map<String, Value> config) {
        return new ProviderContext(
                "racks",
                new EngineId("e-1"),
                folder,
                Value.of(config),
                URI.create("http://127.0.0.1:8080/"),
                Optional.empty(),
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random(1));
    }

    private static Value host(String name, Map<String, Value> more) {
        Map<String, Value> host = new TreeMap<>(more);
        host.put("name", Value.of(name));
        return Value.of(host);
    }

    private List<Problem> refused(Map<String, Value> config) {
        return catchThrowableOfType(
                        ProblemException.class,
                        () -> new SshProviderFactory().open(context(config)))
                .problems();
    }

    private static InstanceRequest request(Map<String, Value> spec) {
        return new InstanceRequest(
                new MachineId("m-1"), "m", new BootToken("the-token"), Map.of(), Value.of(spec));
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(ProviderFactory.class))
                .extracting(ProviderFactory::type)
                .contains("ssh");
    }

    @Test
    void opensWithoutSettingsAndHasNoHosts() {
        try (Provider provider = new SshProviderFactory().open(context(Map.of()))) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);

            assertThat(lifecycle.list()).isEmpty();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle.create(new OperationToken("t"), request(Map.of())))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("ssh.no-engine-url"));
        }
        try (Provider provider =
                new SshProviderFactory()
                        .open(context(Map.of("engine_url", Value.of("https://engine:7443"))))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() ->
                            provider.capability(InstanceLifecycle.class)
                                    .create(new OperationToken("t"), request(Map.of())))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("provider.quota"));
        }
    }

    @Test
    void refusesAllThatIsWrongWithTheConfigurationTogether() throws IOException {
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "open to all");
        Path inventory = Files.writeString(folder.resolve("hosts"), "web ansible_become=yes\n");

        List<Problem> problems =
                refused(
                        Map.of(
                                "host", Value.of("typo"),
                                "hosts",
                                        Value.of(
                                                List.of(
                                                        host("a b", Map.of()),
                                                        host("x", Map.of("prot", Value.of(22))),
                                                        Value.of("no struct"))),
                                "directory", Value.of("/with blank /x"),
                                "parallel", Value.of(0),
                                "agent", Value.of("sometimes"),
                                "engine_url", Value.of("ftp://engine"),
                                "keys", Value.of(List.of(Value.of("no-such-key"))),
                                "passphrase_file", Value.of(passphrase.toString()),
                                "inventory", Value.of(inventory.toString())));

        assertThat(problems)
                .allSatisfy(p -> assertThat(p.code()).isEqualTo("provider.invalid-config"));
        assertThat(problems)
                .extracting(Problem::toString)
                .anyMatch(p -> p.contains("unknown key host "))
                .anyMatch(p -> p.contains("a b"))
                .anyMatch(p -> p.contains("prot") && p.contains("did you mean port?"))
                .anyMatch(p -> p.contains("hosts[2]") && p.contains("not a struct"))
                .anyMatch(p -> p.contains("with blank"))
                .anyMatch(p -> p.contains("parallel"))
                .anyMatch(p -> p.contains("sometimes") && p.contains("install or none"))
                .anyMatch(p -> p.contains("ftp://engine"))
                .anyMatch(p -> p.contains("no-such-key"))
                .anyMatch(p -> p.contains("passphrase_file"))
                .anyMatch(p -> p.startsWith(inventory + ":1:1"));
    }

    @Test
    void refusesOnePlaceUnderTwoNamesAndOneNameForTwo() {
        List<Problem> problems =
                refused(
                        Map.of(
                                "hosts",
                                Value.of(
                                        List.of(
                                                host("a", Map.of("address", Value.of("10.0.0.1"))),
                                                host("b", Map.of("address", Value.of("10.0.0.1"))),
                                                host("a", Map.of("address", Value.of("c")))))));

        assertThat(problems)
                .extracting(Problem::detail)
                .anyMatch(detail -> detail.contains("same place as a"))
                .anyMatch(detail -> detail.contains("is there twice"));
    }

    @Test
    void refusesAJumpHostBehindAnother() {
        Value jump = Value.of(List.of(Value.of("b")));

        assertThat(
                        refused(
                                Map.of(
                                        "hosts",
                                        Value.of(
                                                List.of(
                                                        host("a", Map.of("jump", jump)),
                                                        host("b", Map.of("jump", jump)),
                                                        host(
                                                                "c",
                                                                Map.of(
                                                                        "jump",
                                                                        Value.of(
                                                                                List.of(
                                                                                        Value.of(
                                                                                                "::"))))))))))
                .extracting(Problem::detail)
                .anyMatch(detail -> detail.contains("host a") && detail.contains("reached by b"))
                .anyMatch(detail -> detail.contains("host c") && detail.contains("no jump host"));
    }

    @Test
    void refusesASpecThatNamesNoHost() {
        Map<String, Value> config =
                Map.of(
                        "engine_url",
                        Value.of("https://engine:7443"),
                        "hosts",
                        Value.of(
                                List.of(
                                        host(
                                                "web01",
                                                Map.of(
                                                        "groups",
                                                        Value.of(List.of(Value.of("web"))))))));
        try (Provider provider = new SshProviderFactory().open(context(config))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() ->
                            provider.capability(InstanceLifecycle.class)
                                    .create(
                                            new OperationToken("t"),
                                            request(
                                                    Map.of(
                                                            "hosts",
                                                            Value.of(List.of(Value.of("web02"))),
                                                            "group",
                                                            Value.of("wev")))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-spec"))
                    .satisfies(e -> assertThat(e.problems()).hasSize(2))
                    .withMessageContainingAll("did you mean web01?", "did you mean web?");
        }
    }
}
