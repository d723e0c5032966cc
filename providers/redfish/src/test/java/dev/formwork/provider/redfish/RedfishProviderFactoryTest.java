package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;

class RedfishProviderFactoryTest {
    private static final String PIN = "ab".repeat(32);

    @TempDir Path folder;

    private Provider open(Map<String, Value> more, Map<String, Value> ofTheNode) {
        Map<String, Value> node =
                new TreeMap<>(
                        Map.of("name", Value.of("r1u1"), "address", Value.of("bmc-1.example")));
        node.putAll(ofTheNode);
        Map<String, Value> config =
                new TreeMap<>(
                        Map.of(
                                "user",
                                Value.of("admin"),
                                "password",
                                new Value.Secret(Value.of("secret")),
                                "nodes",
                                Value.of(List.of(Value.of(node)))));
        config.putAll(more);
        return new RedfishProviderFactory()
                .open(
                        new ProviderContext(
                                "racks",
                                new EngineId("engine-one"),
                                folder,
                                Value.of(config),
                                URI.create("http://127.0.0.1:8080/"),
                                Optional.empty(),
                                List.of(),
                                new AgentLaunch(List.of("/bin/true")),
                                AgentInstall.NONE,
                                new InMemoryRecords(),
                                Clock.systemUTC(),
                                new Random()));
    }

    private void assertRefused(
            Map<String, Value> more, Map<String, Value> ofTheNode, String... words) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> open(more, ofTheNode).close())
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo("provider.invalid-config");
                    assertThat(refused.problems().stream().map(Problem::detail).toList().toString())
                            .contains(words);
                });
    }

    @Test
    void isFoundByItsType() {
        assertThat(ServiceLoader.load(ProviderFactory.class))
                .extracting(ProviderFactory::type)
                .contains("redfish");
    }

    @Test
    void opensWithoutAskingAnybody() {
        open(Map.of("certificate_sha256", Value.of(List.of(Value.of(PIN)))), Map.of()).close();
        open(
                        Map.of(),
                        Map.of(
                                "certificate_sha256",
                                Value.of(List.of(Value.of("AB:".repeat(31) + "AB"))),
                                "system",
                                Value.of("1"),
                                "network_boot",
                                Value.of("http"),
                                "mark",
                                Value.of("none")))
                .close();
    }

    @Test
    void refusesANodeWhoseCertificateNobodyTrusts() {
        assertRefused(Map.of(), Map.of(), "certificate_sha256", "nothing says");
    }

    @Test
    void refusesWhatIsNoFingerprintAndNoAuthority() {
        assertRefused(
                Map.of("ca_file", Value.of("missing.pem")),
                Map.of("certificate_sha256", Value.of(List.of(Value.of("12:34")))),
                "missing.pem",
                "not a fingerprint: 12:34");
    }

    @Test
    void refusesUnknownKeysAndValuesAllTogether() {
        assertRefused(
                Map.of(
                        "certificate_sha256",
                        Value.of(List.of(Value.of(PIN))),
                        "network_boot",
                        Value.of("tftp"),
                        "answer_seconds",
                        Value.of(0)),
                Map.of("mark", Value.of("sticker"), "insecure", Value.of(true)),
                "network_boot",
                "answer_seconds",
                "sticker",
                "insecure");
    }
}
