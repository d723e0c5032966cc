package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Settings;
import dev.formwork.provider.aws.MachineSpec.Disk;
import dev.formwork.provider.aws.MachineSpec.ImageChoice;
import dev.formwork.provider.aws.MachineSpec.Spot;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class MachineSpecTest {
    private static MachineSpec read(Map<String, Value> more) {
        Map<String, Value> spec = new HashMap<>();
        spec.put("image", Value.of(AwsBench.IMAGE));
        spec.put("type", Value.of("t3.micro"));
        spec.putAll(more);
        return MachineSpec.read(Settings.spec("aws", Value.of(spec)));
    }

    @Test
    void needsAnImageAndATypeOnly() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new MachineSpec(
                                new ImageChoice.ById(AwsBench.IMAGE),
                                "t3.micro",
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Disk.OF_THE_IMAGE,
                                List.of(),
                                Optional.empty(),
                                Map.of(),
                                Optional.empty(),
                                false,
                                1,
                                Optional.empty()));
    }

    @Test
    void imagesDisksAndSpotHaveShortAndLongForms() {
        Value owned = Value.of(Map.of("owner", Value.of("self"), "name", Value.of("web-*")));
        Value said = Value.of(Map.of("parameter", Value.of("/images/web")));
        Value disk = Value.of(Map.of("size", Value.of("1T"), "type", Value.of("gp3")));

        assertThat(read(Map.of("image", owned)).image())
                .isEqualTo(new ImageChoice.ByName("self", "web-*", Optional.empty()));
        assertThat(read(Map.of("image", said)).image())
                .isEqualTo(new ImageChoice.ByParameter("/images/web"));
        assertThat(read(Map.of("disk", Value.of("20G"))).root())
                .isEqualTo(new Disk(Optional.of(20), Optional.empty(), false));
        assertThat(read(Map.of("disk", disk, "disks", Value.of(List.of(disk)))))
                .extracting(MachineSpec::root, MachineSpec::disks)
                .containsExactly(
                        new Disk(Optional.of(1024), Optional.of("gp3"), false),
                        List.of(new Disk(Optional.of(1024), Optional.of("gp3"), false)));
        assertThat(read(Map.of("spot", Value.of(true))).spot())
                .contains(new Spot(Optional.empty()));
        assertThat(read(Map.of("spot", Value.of(false))).spot()).isEmpty();
        assertThat(read(Map.of("spot", Value.of(Map.of("max_price", Value.of(0.05))))).spot())
                .contains(new Spot(Optional.of("0.05")));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        read(
                                Map.of(
                                        "image", Value.of(Map.of("name", Value.of("debian-*"))),
                                        "zones", Value.of(List.of(Value.of("a"))),
                                        "subnets", Value.of(List.of(Value.of("subnet-1"))),
                                        "disk", Value.of("20"),
                                        "disks", Value.of(List.of(Value.of(Map.of()))),
                                        "spot", Value.of(Map.of("price", Value.of(1))),
                                        "tags", Value.of(Map.of("aws:x", Value.of("y"))),
                                        "hop_limit", Value.of(65),
                                        "securitygroups", Value.of(List.of()))))
                .satisfies(e ->
                        assertThat(e.problems())
                                .allMatch(it -> it.code().equals("provider.invalid-spec"))
                                .extracting(Problem::detail)
                                .anyMatch(it -> it.contains("owner in image"))
                                .anyMatch(it -> it.contains("zones in"))
                                .anyMatch(it -> it.contains("disk in"))
                                .anyMatch(it -> it.contains("size in disks[0]"))
                                .anyMatch(it -> it.contains("spot in"))
                                .anyMatch(it -> it.contains("tags in"))
                                .anyMatch(it -> it.contains("hop_limit in"))
                                .anyMatch(it -> it.contains("unknown key securitygroups"))
                                .hasSize(8));
    }
}
