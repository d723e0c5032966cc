package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class SettingsTest {
    private static Settings settings(Map<String, Value> fields) {
        return Settings.spec("aws", Value.of(fields));
    }

    @Test
    void readsWhatIsThereAndFallsBackWhereNothingIs() {
        Settings settings = settings(Map.of("size", Value.of("small"), "disks", Value.of(2)));

        assertThat(settings.text("size")).contains("small");
        assertThat(settings.text("zone")).isEmpty();
        assertThat(settings.integer("disks", 1, 1, 8)).isEqualTo(2);
        assertThat(settings.integer("nics", 1, 1, 8)).isEqualTo(1);
        assertThatCode(settings::finish).doesNotThrowAnyException();
    }

    @Test
    void readsLists() {
        Settings settings =
                settings(
                        Map.of(
                                "disks", Value.of(List.of(Value.of("10G"), Value.of("1T"))),
                                "nics", Value.of(List.of(Value.of(1))),
                                "zones", Value.of("one")));

        assertThat(settings.texts("disks", List.of("1G"))).containsExactly("10G", "1T");
        assertThat(settings.texts("tags", List.of("none"))).containsExactly("none");
        settings.texts("nics", List.of());
        settings.texts("zones", List.of());
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
    }

    @Test
    void readsAStructAndTellsWhatIsWrongWithIt() {
        Settings settings =
                settings(
                        Map.of(
                                "image",
                                Value.of(Map.of("owner", Value.of("self"), "nam", Value.of("web"))),
                                "spot",
                                Value.of("yes")));

        assertThat(settings.hasPart("image")).isTrue();
        Settings image = settings.part("image").orElseThrow();
        assertThat(image.text("owner")).contains("self");
        assertThat(image.text("name")).isEmpty();
        assertThat(settings.hasPart("spot")).isFalse();
        assertThat(settings.part("spot")).isEmpty();
        assertThat(settings.part("disk")).isEmpty();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e ->
                        assertThat(e.problems())
                                .extracting(Problem::detail, Problem::hint)
                                .containsExactlyInAnyOrder(
                                        tuple(
                                                "spot in the spec for provider aws: not a struct",
                                                "give a struct"),
                                        tuple(
                                                "unknown key nam in image of the spec for provider aws",
                                                "did you mean name?")));
    }

    @Test
    void readsPartsAndLabelsAndTellsWhatIsWrongWithEach() {
        Settings settings =
                settings(
                        Map.of(
                                "hosts",
                                Value.of(
                                        List.of(
                                                Value.of(
                                                        Map.of(
                                                                "name", Value.of("one"),
                                                                "labels",
                                                                        Value.of(
                                                                                Map.of(
                                                                                        "rack",
                                                                                        Value.of(
                                                                                                7))))),
                                                Value.of(Map.of("nam", Value.of("two"))),
                                                Value.of("three"))),
                                "labels",
                                Value.of("none")));
        List<Settings> hosts = settings.parts("hosts");

        assertThat(hosts).hasSize(2);
        assertThat(hosts.getFirst().text("name")).contains("one");
        assertThat(hosts.getFirst().labels("labels")).isEqualTo(Map.of("rack", "7"));
        assertThat(hosts.getLast().text("name")).isEmpty();
        assertThat(hosts.getLast().labels("labels")).isEmpty();
        assertThat(settings.labels("labels")).isEmpty();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e -> assertThat(e.problems()).hasSize(3))
                .withMessageContainingAll(
                        "hosts[1]",
                        "did you mean name?",
                        "hosts[2] of the spec for provider aws: not a struct",
                        "a struct of texts");
    }

    @Test
    void namesTheNearestKeyOfAnUnknownOne() {
        Settings settings = settings(Map.of("siz", Value.of("small")));
        settings.text("size");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-spec"))
                .withMessageContainingAll("siz", "provider aws", "did you mean size?");
    }

    @Test
    void reportsAllThatIsWrongTogether() {
        Settings settings =
                settings(
                        Map.of(
                                "size", Value.of(3),
                                "disks", Value.of(99),
                                "zone", Value.of(" "),
                                "other", Value.of(true)));
        settings.text("size");
        settings.text("zone");
        settings.integer("disks", 1, 1, 8);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e -> assertThat(e.problems()).hasSize(4));
    }

    @Test
    void printsNoSecret() {
        Settings settings = settings(Map.of("size", new Value.Secret(Value.of("s3cret"))));
        settings.text("size");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(settings::finish)
                .satisfies(e ->
                        assertThat(e.problems())
                                .extracting(Problem::toString)
                                .noneMatch(line -> line.contains("s3cret")));
    }
}
