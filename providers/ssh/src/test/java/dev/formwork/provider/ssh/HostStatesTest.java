package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.inventory.Host;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

class HostStatesTest {
    private static List<Host> hosts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new Host(
                                SshBench.name(i),
                                "10.0.0." + i,
                                22,
                                "root",
                                null,
                                List.of(),
                                "/var/lib/formwork",
                                Optional.empty(),
                                Set.of(),
                                Map.of(),
                                false))
                .toList();
    }

    private static String told(int silent) {
        try (HostStates states =
                new HostStates(host -> {
                    if (host.name().compareTo(SshBench.name(silent)) < 0) {
                        throw ProviderCode.TIMEOUT.problem(
                                "host %s does not answer".formatted(host), null);
                    }
                    return new HostState(host, null, false, Set.of());
                })) {
            return catchThrowableOfType(ProblemException.class, () -> states.of(hosts(20)))
                    .problems()
                    .getFirst()
                    .detail();
        }
    }

    @Test
    void namesTheHostsThatDoNotAnswer() {
        assertThat(told(1)).isEqualTo("host host-000 does not answer");
        assertThat(told(3))
                .isEqualTo(
                        "host host-000 does not answer; and 2 more hosts do not answer: host-001,"
                                + " host-002");
    }

    @Test
    void namesNoMoreThanTen() {
        assertThat(told(10))
                .endsWith(
                        "and 9 more hosts do not answer: "
                                + "host-001, host-002, host-003, host-004, host-005, host-006, host-007,"
                                + " host-008, host-009");
        assertThat(told(12))
                .contains("and 11 more hosts")
                .endsWith("host-009, ...")
                .doesNotContain("host-010");
    }
}
