package dev.formwork.provider.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.openstack.OpenStackSettings.AddressKind;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;

class OpenStackProviderFactoryTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "OS_AUTH_URL", "http://cloud.example/identity",
                    "OS_USERNAME", "me",
                    "OS_PASSWORD", "secret",
                    "OS_PROJECT_NAME", "lab");

    @TempDir private Path home;

    private ProviderContext context(Map<String, Value> config) {
        return new ProviderContext(
                "stack",
                new EngineId("engine-one"),
                home,
                Value.of(config),
                URI.create("http://127.0.0.1:8080/"),
                Optional.empty(),
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random());
    }

    private static InstanceRequest request(Map<String, Value> spec) {
        return new InstanceRequest(
                new MachineId("m-1"),
                "demo-members-5",
                new BootToken("boot-token"),
                Map.of(),
                Value.of(spec));
    }

    @Test
    void isFoundByItsType() {
        assertThat(ServiceLoader.load(ProviderFactory.class))
                .extracting(ProviderFactory::type)
                .contains("openstack");
    }

    @Test
    void theDefaultsAreThoseOfTheDocs() {
        OpenStackSettings settings = OpenStackSettings.read(context(Map.of()), ENVIRONMENT);

        assertThat(settings.address()).isEqualTo(AddressKind.PRIVATE);
        assertThat(settings.access().face()).isEqualTo("public");
        assertThat(settings.access().region()).isEmpty();
        assertThat(settings.trusted()).isEmpty();
        assertThat(settings.call()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.operation()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void whatTheConfigurationSaysWins() {
        OpenStackSettings settings =
                OpenStackSettings.read(
                        context(
                                Map.of(
                                        "endpoint", Value.of("https://other.example/v3"),
                                        "region", Value.of("East"),
                                        "interface", Value.of("internal"),
                                        "address", Value.of("public"))),
                        ENVIRONMENT);

        assertThat(settings.access().authUrl()).isEqualTo(URI.create("https://other.example"));
        assertThat(settings.access().region()).contains("East");
        assertThat(settings.access().face()).isEqualTo("internal");
        assertThat(settings.address()).isEqualTo(AddressKind.PUBLIC);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        OpenStackSettings.read(
                                context(
                                        Map.of(
                                                "adress", Value.of("public"),
                                                "address", Value.of("outer"),
                                                "seconds", Value.of(0),
                                                "cacert", Value.of("none.pem"),
                                                "interface", Value.of("secret"))),
                                ENVIRONMENT))
                .satisfies(failed ->
                        assertThat(failed.problems())
                                .extracting(Problem::code)
                                .hasSize(4)
                                .containsOnly("provider.invalid-config"));
    }

    @Test
    void theSpecTellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        ServerSpec.read(
                                "stack",
                                request(
                                        Map.of(
                                                "volume_type", Value.of("fast"),
                                                "server_group_policy", Value.of("together"),
                                                "flavour", Value.of("m1.small")))))
                .satisfies(failed ->
                        assertThat(failed.problems())
                                .extracting(Problem::detail)
                                .satisfiesExactlyInAnyOrder(
                                        each -> assertThat(each).startsWith("flavor in"),
                                        each -> assertThat(each).startsWith("network in"),
                                        each -> assertThat(each).startsWith("image in"),
                                        each -> assertThat(each).startsWith("volume_type in"),
                                        each ->
                                                assertThat(each)
                                                        .contains("there is no server_group"),
                                        each ->
                                                assertThat(each)
                                                        .startsWith("server_group_policy in"),
                                        each -> assertThat(each).contains("unknown key flavour")));
    }

    @Test
    void theMachinesOfAGroupTakeTurnsWithTheZones() {
        ServerSpec spec =
                ServerSpec.read(
                        "stack",
                        request(
                                Map.of(
                                        "image",
                                        Value.of("debian"),
                                        "flavor",
                                        Value.of("m1"),
                                        "network",
                                        Value.of("net"),
                                        "zones",
                                        Value.of(List.of(Value.of("a"), Value.of("b"))))));
        assertThat(spec.zone("demo-members-0")).contains("a");
        assertThat(spec.zone("demo-members-1")).contains("b");
        assertThat(spec.zone("demo-members-12")).contains("a");
        assertThat(spec.zone("odd")).isPresent();
    }
}
