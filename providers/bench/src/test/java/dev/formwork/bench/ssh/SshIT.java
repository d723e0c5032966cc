package dev.formwork.bench.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// That it runs beside Ansible, and what it prints. How fast it is is no matter of tests.
class SshIT {
    @Test
    void runsTheCommandOnEachHostBesideAnsibleAndLeavesNothingBehind() throws Exception {
        Needs.nothing(Ssh.missing());
        Needs.nothing(Ansible.missing());
        // Sockets are in it, whose paths are short.
        Path directory = Files.createTempDirectory("fw");
        SshReport report =
                new Ssh(new SshSizes(List.of(new SshSizes.Fleet(18, 1)), 9), System.out::println)
                        .measure(directory, "providers/bench/run ssh");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/fleets/0/hosts").asInt()).isEqualTo(18);
        assertThat(json.at("/fleets/0/cold/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/connected/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/anew/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/cold_cpu/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/others_cpu/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/ansible/cold_ratio/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/ansible/anew_ratio/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/ansible/cpu_ratio/median").asDouble()).isPositive();
        assertThat(json.at("/fleets/0/ansible/warm_ratio/median").asDouble()).isPositive();
        assertThat(report.text()).contains("9 at once", "warm ControlMaster");
        Files.delete(directory);
        assertThat(commandLinesWith(directory)).isEmpty();
    }

    private static List<String> commandLinesWith(Path directory) {
        return ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory + "/"))
                .toList();
    }
}
