package dev.formwork.agent.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;

class ChangesTest {
    @Test
    void countsEachResourceOnce() throws Exception {
        Changes changes =
                of(
                        """
                        {"format_version": "1.2", "resource_changes": [
                          {"change": {"actions": ["no-op"]}},
                          {"mode": "data", "change": {"actions": ["read"]}},
                          {"change": {"actions": ["create"]}},
                          {"change": {"actions": ["create"]}},
                          {"change": {"actions": ["update"]}},
                          {"change": {"actions": ["delete"]}},
                          {"change": {"actions": ["delete", "create"]}},
                          {"change": {"actions": ["create", "delete"]}},
                          {"change": {"actions": ["something-new"]}}],
                         "output_changes": {"a": {"actions": ["update"]}}}
                        """);
        assertThat(changes).isEqualTo(new Changes(2, 1, 1, 2, 0, 0, 0, true));
        assertThat(changes.all()).isEqualTo(6);
        assertThat(changes.sentence()).isEqualTo("4 to add, 1 to change, 3 to destroy");
    }

    @Test
    void tellsWhatOnlyTheStateAndTheOutputsGet() throws Exception {
        Changes taken =
                of(
                        """
                        {"format_version": "1.0", "resource_changes": [
                          {"change": {"actions": ["no-op"], "importing": {"id": "i-1"}}},
                          {"change": {"actions": ["update"], "importing": {"id": "i-2"}}},
                          {"change": {"actions": ["forget"]}},
                          {"change": {"actions": ["forget", "create"]}}]}
                        """);
        assertThat(taken).isEqualTo(new Changes(1, 1, 0, 0, 2, 2, 0, false));
        assertThat(taken.sentence())
                .isEqualTo("2 to import, 1 to add, 1 to change, 0 to destroy, 2 to forget");

        assertThat(
                        of("""
                        {"format_version": "1.2",
                         "resource_changes": [{"previous_address": "a.b", "change": {"actions": ["no-op"]}}],
                         "output_changes": {"a": {"actions": ["no-op"]}, "b": {"actions": ["create"]}}}
                        """)
                                .sentence())
                .isEqualTo("0 to add, 0 to change, 0 to destroy, 1 to move, and outputs change");
    }

    @Test
    void takesNothingForNoChanges() throws Exception {
        assertThat(of("{\"format_version\": \"1.9\"}")).isEqualTo(Changes.NONE);
        assertThat(Changes.NONE.sentence()).isEqualTo("0 to add, 0 to change, 0 to destroy");
    }

    @Test
    void refusesWhatIsOfAnotherFormat() {
        for (String plan :
                new String[] {
                    "{}",
                    "[]",
                    "7",
                    "{\"format_version\": \"2.0\"}",
                    "{\"format_version\": \"10.1\"}",
                    "null"
                }) {
            assertThatExceptionOfType(TerraformException.class)
                    .as(plan)
                    .isThrownBy(() -> of(plan))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("terraform.bad-answer"));
        }
    }

    private static Changes of(String json) throws TerraformException, ProtocolException {
        JsonNode plan = ProtocolJson.readTree(json.getBytes(StandardCharsets.UTF_8));
        return Changes.of(plan);
    }
}
