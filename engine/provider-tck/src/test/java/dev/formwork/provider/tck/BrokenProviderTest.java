package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.tck.BrokenProvider.Moment;
import dev.formwork.provider.tck.BrokenProvider.Operation;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Map;

class BrokenProviderTest {
    private static final OperationToken TOKEN = new OperationToken("t-1");
    private static final InstanceRequest REQUEST =
            new InstanceRequest(
                    new MachineId("m-1"),
                    "demo-members-0",
                    new BootToken("boot-token"),
                    Map.of(),
                    Value.Struct.EMPTY);

    private final InMemoryCloud cloud = new InMemoryCloud(Clock.systemUTC());
    private final BrokenProvider broken =
            new BrokenProvider(cloud.open("memory", new EngineId("e-1")));

    @Test
    void failsOnceBeforeAnythingIsDone() {
        broken.breakNext(Operation.CREATE, Moment.BEFORE, ProviderCode.QUOTA);

        assertRefused(ProviderCode.QUOTA, () -> broken.create(TOKEN, REQUEST));
        assertThat(cloud.instances()).isEmpty();
        assertThat(broken.create(TOKEN, REQUEST).machine()).isEqualTo(REQUEST.machine());
    }

    @Test
    void losesAnAnswer() {
        broken.breakNext(Operation.CREATE, Moment.AFTER, ProviderCode.TIMEOUT);

        assertRefused(ProviderCode.TIMEOUT, () -> broken.create(TOKEN, REQUEST));
        Instance made = cloud.instances().getFirst();
        assertThat(broken.create(TOKEN, REQUEST)).isEqualTo(made);
    }

    @Test
    void failsUntilItIsMended() {
        broken.breakAll(Operation.LIST, Moment.BEFORE, ProviderCode.UNAVAILABLE);

        assertRefused(ProviderCode.UNAVAILABLE, broken::list);
        assertRefused(ProviderCode.UNAVAILABLE, broken::list);
        broken.mend();
        assertThat(broken.list()).isEmpty();
    }

    @Test
    void diesAsAnEngineDoes() {
        broken.crashNext(Operation.DELETE, Moment.AFTER);
        Instance made = broken.create(TOKEN, REQUEST);

        assertThatExceptionOfType(SimulatedCrash.class)
                .isThrownBy(() -> broken.delete(TOKEN, made.ref()));
        assertThat(cloud.instances()).isEmpty();
    }

    @Test
    void offersWhatTheRealOneOffers() {
        assertThat(broken.capabilities().kinds())
                .isEqualTo(cloud.open("memory", new EngineId("e-1")).capabilities().kinds());
        assertThat(broken.capability(InstanceLifecycle.class)).isSameAs(broken);
    }
}
