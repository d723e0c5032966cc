package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

class AwsSettingsTest {
    private static AwsSettings read(Map<String, Value> config) {
        return AwsSettings.read(AwsBench.context(new EngineId("engine"), Value.of(config)));
    }

    @Test
    void hasDefaultsForEverything() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new AwsSettings(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(5)));
    }

    @Test
    void oneEndpointIsForBothServices() {
        AwsSettings both = read(Map.of("endpoint", Value.of("https://ec2.cloud.example")));
        AwsSettings each =
                read(
                        Map.of(
                                "endpoint", Value.of("https://ec2.cloud.example"),
                                "ssm_endpoint", Value.of("https://ssm.cloud.example:8443"),
                                "address", Value.of("public")));

        assertThat(both.ssmEndpoint()).contains(URI.create("https://ec2.cloud.example"));
        assertThat(each.ssmEndpoint()).contains(URI.create("https://ssm.cloud.example:8443"));
        assertThat(each.publicAddress()).isTrue();
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        read(
                                Map.of(
                                        "region", Value.of("Frankfurt am Main"),
                                        "endpoint", Value.of("ec2.cloud.example"),
                                        "address", Value.of("both"),
                                        "seconds", Value.of(0),
                                        "access_key", Value.of("x"))))
                .satisfies(e ->
                        assertThat(e.problems())
                                .hasSize(5)
                                .allMatch(it -> it.code().equals("provider.invalid-config"))
                                .extracting(Problem::detail)
                                .anyMatch(it -> it.contains("unknown key access_key")));
    }
}
