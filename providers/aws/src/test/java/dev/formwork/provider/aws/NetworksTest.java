package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceRequest;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class NetworksTest {
    private static final List<String> PLACES = List.of("one", "two", "three");

    private static InstanceRequest named(String name) {
        return new InstanceRequest(
                new MachineId("m-" + name),
                name,
                new BootToken("boot-token"),
                Map.of(),
                Value.Struct.EMPTY);
    }

    private static String placeOf(String name) {
        return Networks.spread(PLACES, named(name)).orElseThrow();
    }

    @Test
    void theMembersOfAGroupTakePlacesInTurn() {
        List<String> nine =
                IntStream.range(0, 9)
                        .mapToObj(ordinal -> placeOf("demo-members-" + ordinal))
                        .toList();

        assertThat(nine.subList(0, 3)).containsExactlyInAnyOrderElementsOf(PLACES);
        assertThat(nine.subList(3, 6)).isEqualTo(nine.subList(0, 3));
        assertThat(nine.subList(6, 9)).isEqualTo(nine.subList(0, 3));
    }

    @Test
    void groupsBeginAtDifferentPlaces() {
        assertThat(IntStream.range(0, 20).mapToObj(n -> placeOf("demo-group%d-0".formatted(n))))
                .containsAll(PLACES);
    }

    @Test
    void aRepeatHasTheSamePlaceAndNoPlaceIsOne() {
        assertThat(placeOf("web")).isEqualTo(placeOf("web"));
        assertThat(Networks.spread(List.of(), named("web"))).isEmpty();
    }
}
