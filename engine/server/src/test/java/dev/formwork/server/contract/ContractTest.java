package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/// The measure itself: it must not take everything.
class ContractTest {
    private final Contract contract;

    ContractTest() throws IOException {
        contract = Contract.read();
    }

    @Test
    void takesWhatIsAsTheDocumentSays() {
        contract.requireValid("Health", "{\"status\": \"up\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\": \"sideways\"}",
                "{\"status\": 1}",
                "{\"status\": \"up\", \"more\": true}",
                "{\"status\": \"down\", \"code\": null}"
            })
    void refusesWhatIsNot(String json) {
        assertThatThrownBy(() -> contract.requireValid("Health", json))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void followsReferences() {
        assertThatThrownBy(
                        () -> contract.requireValid("PackList", "{\"items\": [{\"name\": \"x\"}]}"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void namesEveryOperationOnce() {
        assertThat(contract.routes())
                .extracting(route -> route.operation().path("operationId").asString())
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(contract.routes())
                .allSatisfy(route ->
                        assertThat(route.operation().path("summary").asString()).isNotEmpty());
    }
}
