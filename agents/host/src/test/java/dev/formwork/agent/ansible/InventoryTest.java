package dev.formwork.agent.ansible;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.runner.RunnerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

final class InventoryTest {
    private static final Path TEMPORARY = Path.of("/j/tmp");

    @Test
    void hasItsOwnMachineWithoutSsh() throws RunnerException {
        assertThat(Inventory.ofMachine("node-1", List.of("web", "db"), TEMPORARY))
                .contains(
                        "\"node-1\": {\"ansible_connection\": \"local\","
                                + " \"ansible_remote_tmp\": !unsafe \"/j/tmp\"")
                .contains(
                        "\"children\": {\"db\": {\"hosts\": {\"node-1\": {}}},"
                                + " \"web\": {\"hosts\": {\"node-1\": {}}}}");
    }

    @Test
    void gathersAMachinesVariablesFromAllItsGroups() throws RunnerException {
        assertThat(
                        Inventory.of(
                                TestJobs.json(
                                        """
                                        {"web": [{"name": "a", "address": "10.0.0.1", "weight": 5}],
                                         "db": [{"name": "a", "role": "{{ x }}"}, {"name": "b", "address": null}],
                                         "none": []}
                                        """),
                                TEMPORARY))
                .isEqualTo(
                        """
                        {"all": {"hosts": {"a": {"ansible_host": !unsafe "10.0.0.1", "weight": 5, \
                        "role": !unsafe "{{ x }}"}, "b": {}}, \
                        "children": {"db": {"hosts": {"a": {}, "b": {}}}, "none": {"hosts": {}}, \
                        "web": {"hosts": {"a": {}}}}}}
                        """);
    }

    @Test
    void keepsWhatItRunsHereInItsFolder() throws RunnerException {
        assertThat(
                        Inventory.of(
                                TestJobs.json(
                                        """
                                        {"m": [{"name": "a", "ansible_connection": "local"},
                                               {"name": "b", "ansible_connection": "local", "ansible_remote_tmp": "/own"},
                                               {"name": "c", "ansible_connection": "ssh"}]}
                                        """),
                                TEMPORARY))
                .contains(
                        "\"a\": {\"ansible_connection\": !unsafe \"local\","
                                + " \"ansible_remote_tmp\": !unsafe \"/j/tmp\"}",
                        "\"ansible_remote_tmp\": !unsafe \"/own\"}",
                        "\"c\": {\"ansible_connection\": !unsafe \"ssh\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"web\": {}}",
                "{\"web\": [\"a\"]}",
                "{\"web\": [{\"address\": \"10.0.0.1\"}]}",
                "{\"web\": [{\"name\": \"web[1:9]\"}]}",
                "{\"web\": [{\"name\": \"a\\\": {}\"}]}",
                "{\"web\": [{\"name\": \"a\", \"b c\": 1}]}",
                "{\"web\": [{\"name\": \"a\", \"address\": \"-oProxyCommand=touch x\"}]}",
                "{\"web\": [{\"name\": \"a\", \"ansible_host\": \"-E/x\"}]}",
                "{\"web\": [{\"name\": \"a\", \"ansible_host\": [1]}]}",
                "{\"all\": []}",
                "{\"a-b\": []}",
            })
    void refusesWhatIsNone(String json) {
        assertThatThrownBy(() -> Inventory.of(TestJobs.json(json), TEMPORARY))
                .isInstanceOfSatisfying(
                        RunnerException.class,
                        e -> assertThat(e.code()).isEqualTo("agent.inventory-invalid"));
    }
}
