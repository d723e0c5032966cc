package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class MachineSpecTest {
    private static MachineSpec read(List<String> zones, Map<String, Value> spec) {
        return MachineSpec.read(
                "gce",
                Value.of(spec),
                new GceSettings(
                        Optional.empty(),
                        zones,
                        Optional.empty(),
                        new GceSettings.Login.None(),
                        GceSettings.AddressKind.PUBLIC,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)));
    }

    @Test
    void findsImagesAsTheApiNamesThem() {
        Map<String, Value> base =
                Map.of(
                        "machine_type", Value.of("e2-small"),
                        "image_family", Value.of("debian-12"),
                        "image_project", Value.of("debian-cloud"));
        assertThat(read(List.of("europe-west3-a"), base).image())
                .contains("projects/debian-cloud/global/images/family/debian-12");
        assertThat(
                        read(
                                        List.of("europe-west3-a"),
                                        Map.of(
                                                "machine_type", Value.of("e2-small"),
                                                "image", Value.of("own")))
                                .image())
                .contains("global/images/own");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        read(
                                List.of(),
                                Map.of(
                                        "image", Value.of("a"),
                                        "image_family", Value.of("b"),
                                        "tags", Value.of(List.of(Value.of("No Tag"))),
                                        "scopes", Value.of(List.of(Value.of("x"))),
                                        "spot_action", Value.of("explode"),
                                        "external_address", Value.of(false),
                                        "metadata",
                                                Value.of(
                                                        Map.of("startup-script", Value.of("mine"))),
                                        "disks",
                                                Value.of(
                                                        List.of(
                                                                Value.of(
                                                                        Map.of(
                                                                                "type",
                                                                                Value.of(
                                                                                        "pd-ssd"))))),
                                        "no_such_key", Value.of(1))))
                .satisfies(e ->
                        assertThat(e.problems())
                                .allMatch(each -> each.code().equals("provider.invalid-spec"))
                                .extracting(each -> each.detail().split(" ", -1)[0])
                                .containsExactlyInAnyOrder(
                                        "zones",
                                        "image",
                                        "gb",
                                        "tags",
                                        "scopes",
                                        "spot_action",
                                        "spot_action",
                                        "metadata",
                                        "machine_type",
                                        "external_address",
                                        "unknown"));
    }
}
