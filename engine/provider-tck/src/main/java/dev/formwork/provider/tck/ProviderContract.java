package dev.formwork.provider.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;

import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

import java.util.Map;
import java.util.UUID;

/// What the contracts of all capabilities share. A test class gives the bench of the test at hand:
/// a field does, as JUnit makes one object per test.
public interface ProviderContract {
    EngineId ENGINE = new EngineId("engine-one");
    EngineId OTHER_ENGINE = new EngineId("engine-two");

    ProviderBench bench();

    @AfterEach
    default void closeBench() {
        bench().close();
    }

    /// A request for a machine that no other test knows.
    default InstanceRequest anyRequest() {
        return requestFor(new MachineId("m-" + UUID.randomUUID()));
    }

    default InstanceRequest requestFor(MachineId machine) {
        return new InstanceRequest(
                machine,
                "demo-members-0",
                new BootToken("boot-token-of-" + machine),
                Map.of("formwork/cluster", "demo"),
                bench().spec());
    }

    static OperationToken anyToken() {
        return new OperationToken(UUID.randomUUID().toString());
    }

    static void assertRefused(ProviderCode code, ThrowingCallable operation) {
        Assertions.assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(operation)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code.code()));
    }
}
