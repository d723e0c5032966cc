package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// What tests ask of the provider: machines on hosts.
final class MachineRequests {
    private MachineRequests() {}

    static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    static OperationToken anyToken() {
        return new OperationToken(UUID.randomUUID().toString());
    }

    static InstanceRequest request(String machine, String... hosts) {
        List<Value> names = Stream.of(hosts).<Value>map(Value::of).toList();
        return new InstanceRequest(
                new MachineId(machine),
                "demo-0",
                new BootToken("the-boot-token"),
                Map.of(),
                hosts.length == 0
                        ? Value.Struct.EMPTY
                        : Value.of(Map.of("hosts", Value.of(names))));
    }

    static ProblemException refusal(Provider provider, InstanceRequest request) {
        return catchThrowableOfType(
                ProblemException.class, () -> lifecycle(provider).create(anyToken(), request));
    }
}
