package dev.formwork.provider.ssh;

import static dev.formwork.provider.ssh.MachineRequests.anyToken;
import static dev.formwork.provider.ssh.MachineRequests.lifecycle;
import static dev.formwork.provider.ssh.MachineRequests.refusal;
import static dev.formwork.provider.ssh.MachineRequests.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.Steps;
import dev.formwork.provider.tck.SimulatedCrash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Which host a machine has, whatever is cut short or seen twice.
class SshClaimsIT {
    private static final EngineId ENGINE = new EngineId("engine-one");
    private static final Steps UNTIL_CONFIRMED =
            step -> {
                if (step.equals("confirm the claim")) {
                    throw new SimulatedCrash(step);
                }
            };

    /// Of a machine: nobody else who runs here at the same time has it.
    private final String id = "m-" + UUID.randomUUID();

    private final SshBench bench = new SshBench(3);

    @AfterEach
    void endAll() {
        bench.close();
    }

    @Test
    void twoClaimsOfOneTokenEndAsOneMachine() {
        OperationToken token = anyToken();
        for (String host : List.of("host-000", "host-001", "host-002")) {
            try (Provider dying = bench.open(ENGINE, UNTIL_CONFIRMED)) {
                assertThatExceptionOfType(SimulatedCrash.class)
                        .isThrownBy(() -> lifecycle(dying).create(token, request(id, host)));
            }
        }
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(lifecycle(provider).list())
                    .extracting(Instance::state)
                    .containsOnly(InstanceState.CREATING)
                    .hasSize(3);

            Instance made = lifecycle(provider).create(token, request(id));

            assertThat(lifecycle(provider).list())
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.ref()).isEqualTo(made.ref());
                        assertThat(one.state()).isEqualTo(InstanceState.RUNNING);
                    });
        }
    }

    @Test
    void aClaimBesideAConfirmedOneIsTakenBackWhereverThatIsCutShort() {
        OperationToken token = anyToken();
        for (String host : List.of("host-001", "host-002")) {
            try (Provider dying = bench.open(ENGINE, UNTIL_CONFIRMED)) {
                assertThatExceptionOfType(SimulatedCrash.class)
                        .isThrownBy(() -> lifecycle(dying).create(token, request(id, host)));
            }
        }
        Instance made;
        try (Provider provider = bench.open(ENGINE)) {
            // It is told of one host only, and does not see the others' claims.
            made = lifecycle(provider).create(token, request(id, "host-000"));
            assertThat(lifecycle(provider).list()).hasSize(3);
        }
        for (int steps = 0; steps < 2; steps++) {
            try (Provider dying = bench.openDying(ENGINE, steps)) {
                assertThatExceptionOfType(SimulatedCrash.class)
                        .isThrownBy(() -> lifecycle(dying).create(token, request(id)));
            }
        }
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(lifecycle(provider).create(token, request(id)).ref()).isEqualTo(made.ref());
            assertThat(lifecycle(provider).list())
                    .singleElement()
                    .satisfies(one -> assertThat(one.ref()).isEqualTo(made.ref()));
        }
    }

    @Test
    void twoAddressesOfOneHostAreOneMachineUnderOneName() {
        int port = bench.servers.getFirst().port();
        List<Value> hosts = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            hosts.add(
                    Value.of(
                            Map.of(
                                    "name", Value.of("name-" + i),
                                    "address", Value.of("127.77.0." + i),
                                    "port", Value.of(port),
                                    "directory", Value.of(bench.directory("one").toString()))));
        }
        bench.with("hosts", Value.of(hosts));
        try (Provider provider = bench.open(ENGINE)) {
            for (String name : List.of("name-1", "name-2")) {
                OperationToken token = anyToken();
                Instance made = lifecycle(provider).create(token, request(id, name));

                assertThat(made.ref().value()).startsWith(name + "/");
                assertThat(lifecycle(provider).list())
                        .singleElement()
                        .satisfies(one -> assertThat(one.ref()).isEqualTo(made.ref()));
                assertThat(lifecycle(provider).create(token, request(id)).ref())
                        .isEqualTo(made.ref());
                assertThat(refusal(provider, request(id + "-second")).code())
                        .isEqualTo("provider.quota");
                lifecycle(provider).delete(anyToken(), made.ref());
            }
            // Neither name is told beforehand.
            OperationToken token = anyToken();
            Instance any = lifecycle(provider).create(token, request(id));
            assertThat(lifecycle(provider).list())
                    .singleElement()
                    .satisfies(one -> assertThat(one.ref()).isEqualTo(any.ref()));
            assertThat(lifecycle(provider).create(token, request(id)).ref()).isEqualTo(any.ref());
        }
    }

    @Test
    void aHostThatIsDownStopsThoseWhoMayHaveItAndNobodyElse() throws Exception {
        bench.with(
                "hosts",
                Value.of(
                        List.of(
                                bench.host(
                                        "host-000", "127.77.0.1", SshServer.freePort(), Map.of()),
                                bench.host(
                                        "host-001",
                                        "127.77.0.2",
                                        bench.servers.getFirst().port(),
                                        Map.of()))));
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(refusal(provider, request(id)).code()).isEqualTo("provider.unavailable");
            assertThat(bench.remainsOf(new MachineId(id))).isEmpty();

            Instance made =
                    lifecycle(provider).create(anyToken(), request(id + "-second", "host-001"));

            assertThat(lifecycle(provider).find(made.ref())).isPresent();
        }
    }
}
