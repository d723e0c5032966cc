package dev.formwork.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ApiJsonTest {
    private record Sample(
            Optional<String> clusterName, Optional<Instant> at, Optional<Value.Struct> with) {}

    @Test
    void writesSnakeCaseAndLeavesOutWhatIsAbsent() {
        assertThat(json(new Sample(Optional.of("x"), Optional.of(Instant.EPOCH), Optional.empty())))
                .isEqualTo("{\"cluster_name\":\"x\",\"at\":\"1970-01-01T00:00:00Z\"}");
    }

    @Test
    void neverWritesASecret() {
        Value.Struct with =
                Value.of(Map.of("deep", Value.of(List.of(new Value.Secret(Value.of("hunter2"))))));

        assertThat(json(new Sample(Optional.empty(), Optional.empty(), Optional.of(with))))
                .isEqualTo("{\"with\":{\"deep\":[\"***\"]}}");
    }

    @Test
    void writesNullsInsideAValue() {
        assertThat(json(Value.of(Map.of("a", Value.nil())))).isEqualTo("{\"a\":null}");
    }

    @Test
    void readsValuesOfEveryKind() {
        Sample read = read("{\"with\":{\"a\":1,\"b\":[1.5,null,true,\"x\"],\"c\":{}}}");

        assertThat(read.with().orElseThrow())
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "a", Value.of(1),
                                        "b",
                                                Value.of(
                                                        List.of(
                                                                Value.of(1.5),
                                                                Value.nil(),
                                                                Value.of(true),
                                                                Value.of("x"))),
                                        "c", Value.Struct.EMPTY)));
    }

    @Test
    void readsAnAbsentBodyAsEmpty() {
        assertThat(ApiJson.read(Optional.empty(), Sample.class).clusterName()).isEmpty();
    }

    @Test
    void namesTheKeyThatWasMeant() {
        assertThatThrownBy(() -> read("{\"cluster_nam\": \"x\"}"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo("request.unknown-key");
                            assertThat(e.problems().getFirst().hint())
                                    .isEqualTo("did you mean cluster_name?");
                        });
    }

    @Test
    void refusesWhatIsNotAsTheRouteWantsItWithoutRepeatingIt() {
        for (String hostile :
                List.of(
                        "",
                        "[]",
                        "null",
                        "{\"cluster_name\": [\"hunter2\"]}",
                        "{\"cluster_name\": \"a\", \"cluster_name\": \"b\"}",
                        "{} hunter2",
                        "{\"with\": \"hunter2\"}",
                        "{\"with\": {\"a\": 99999999999999999999}}",
                        "[".repeat(5_000))) {
            if (hostile.isEmpty()) {
                continue;
            }
            assertThatThrownBy(() -> read(hostile))
                    .as(hostile)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("request.malformed")
                    .hasMessageNotContaining("hunter2");
        }
    }

    private static String json(Object answer) {
        return new String(ApiJson.write(answer), StandardCharsets.UTF_8);
    }

    private static Sample read(String json) {
        return ApiJson.read(Optional.of(json.getBytes(StandardCharsets.UTF_8)), Sample.class);
    }
}
