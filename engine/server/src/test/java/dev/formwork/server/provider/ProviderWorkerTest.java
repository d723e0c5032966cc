package dev.formwork.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.tck.BrokenProvider;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.InMemoryCloud;
import dev.formwork.provider.tck.InMemoryProvider;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.machine.Machine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class ProviderWorkerTest {
    private static final MachineId MACHINE = new MachineId("m-1");

    private final InMemoryCloud cloud = new InMemoryCloud(Clock.systemUTC());
    private final InMemoryProvider provider = cloud.open("memory", new EngineId("e-1"));
    private final BlockingQueue<Input> core = new LinkedBlockingQueue<>();
    private final ProviderWorker worker =
            new ProviderWorker(() -> Providers.of(List.of(provider)), core::add);

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void makesAnInstanceAndTellsTheCore() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));

        Instance made = instanceOnceTold();
        assertThat(made.machine()).isEqualTo(MACHINE);
        assertThat(cloud.requestOf(made.ref()).bootToken().reveal()).isEqualTo("boot-token");
    }

    @Test
    void makesOneInstanceHoweverOftenItIsAsked() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        worker.create(wish("memory", Value.Struct.EMPTY));
        instanceOnceTold();
        worker.create(wish("memory", Value.Struct.EMPTY));
        instanceOnceTold();

        assertThat(cloud.instances()).hasSize(1);
    }

    @Test
    void saysWhatCanNotBeMendedByAskingAgain() throws Exception {
        worker.create(wish("memory", Value.of(Map.of("colour", Value.of("red")))));
        assertThat(told()).isEqualTo(failed("provider.invalid-spec", false));

        worker.create(wish("elsewhere", Value.Struct.EMPTY));
        assertThat(told()).isEqualTo(failed("provider.unknown", false));
    }

    @Test
    void saysWhatMayWorkLater() throws Exception {
        provider.close();
        worker.create(wish("memory", Value.Struct.EMPTY));

        assertThat(told()).isEqualTo(failed("provider.closed", false));
    }

    @Test
    void switchesOnAMachineThatLostItsPowerAndNoneThatSomebodySwitchedOff() throws Exception {
        Provider withoutAgents = withoutAgents(provider);
        try (ProviderWorker without =
                new ProviderWorker(() -> Providers.of(List.of(withoutAgents)), core::add)) {
            without.create(wish("memory", Value.Struct.EMPTY));
            InstanceRef ref = instanceOnceTold().ref();

            cloud.stop(ref);
            without.restartAgent(MACHINE, "memory", Optional.of(ref.value()));
            without.remove(new Effect.RemoveInstance(MACHINE, "memory", Optional.of("none")));
            assertThat(told()).isInstanceOf(Input.InstanceRemoved.class);
            assertThat(provider.power(ref)).isEqualTo(PowerState.ON);

            provider.powerOff(new OperationToken("t-off"), ref);
            without.restartAgent(MACHINE, "memory", Optional.of(ref.value()));
            without.remove(new Effect.RemoveInstance(MACHINE, "memory", Optional.of("none")));
            assertThat(told()).isInstanceOf(Input.InstanceRemoved.class);
            assertThat(provider.power(ref)).isEqualTo(PowerState.OFF);
        }
    }

    /// One whose agents are none of its business.
    private static Provider withoutAgents(InMemoryProvider all) {
        return new Provider() {
            @Override
            public String name() {
                return all.name();
            }

            @Override
            public Capabilities capabilities() {
                return Capabilities.none()
                        .with(InstanceLifecycle.class, all)
                        .with(PowerControl.class, all);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void removesAnInstance() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        String reference = instanceOnceTold().ref().value();

        worker.remove(new Effect.RemoveInstance(MACHINE, "memory", Optional.of(reference)));

        assertThat(told()).isEqualTo(new Input.InstanceRemoved(MACHINE));
        assertThat(cloud.instances()).isEmpty();
    }

    @Test
    void findsAnInstanceOfWhichTheAnswerWasLost() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        instanceOnceTold();

        worker.remove(new Effect.RemoveInstance(MACHINE, "memory", Optional.empty()));

        assertThat(told()).isEqualTo(new Input.InstanceRemoved(MACHINE));
        assertThat(cloud.instances()).isEmpty();
    }

    @Test
    void removesWhatIsBeingMadeOnlyOnceItIsMade() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        worker.remove(new Effect.RemoveInstance(MACHINE, "memory", Optional.empty()));

        assertThat(told()).isInstanceOf(Input.InstanceCreated.class);
        assertThat(told()).isEqualTo(new Input.InstanceRemoved(MACHINE));
        assertThat(cloud.instances()).isEmpty();
    }

    @Test
    void noticesThatASilentMachineIsGone() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        Instance made = instanceOnceTold();
        cloud.vanish(made.ref());

        worker.restartAgent(MACHINE, "memory", Optional.of(made.ref().value()));

        assertThat(told()).isEqualTo(new Input.InstanceGone(MACHINE));
    }

    @Test
    void startsTheAgentOfASilentMachineAgain() throws Exception {
        worker.create(wish("memory", Value.Struct.EMPTY));
        Instance made = instanceOnceTold();

        worker.restartAgent(MACHINE, "memory", Optional.of(made.ref().value()));
        worker.remove(
                new Effect.RemoveInstance(
                        new MachineId("m-2"), "memory", Optional.of("memory-99")));
        told();

        while (cloud.agentStarts(made.ref()) < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aMachineIsTakenUpAgainUntilThatIsDoneOrItIsAnothers() throws Exception {
        BrokenProvider broken = new BrokenProvider(provider);
        CountDownLatch asked = new CountDownLatch(1);
        try (ProviderWorker mending =
                new ProviderWorker(() -> Providers.of(List.of(broken)), core::add)) {
            mending.create(wish("memory", Value.Struct.EMPTY));
            InstanceRef ref = instanceOnceTold().ref();
            broken.breakNext(
                    BrokenProvider.Operation.TAKE_UP_AGENT,
                    BrokenProvider.Moment.BEFORE,
                    ProviderCode.UNAVAILABLE);
            mending.takeUpAgents(() -> List.of(machine(ref)), _ -> true);
            Eventually.holds("it is taken up", () -> cloud.agentTakenUp(ref) == 1);

            broken.breakNext(
                    BrokenProvider.Operation.TAKE_UP_AGENT,
                    BrokenProvider.Moment.BEFORE,
                    ProviderCode.UNAVAILABLE);
            mending.takeUpAgents(
                    () -> List.of(machine(ref)),
                    _ -> {
                        asked.countDown();
                        return false;
                    });

            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            mending.remove(
                    new Effect.RemoveInstance(
                            MACHINE, "memory", Optional.of("another-" + ref.value())));
            assertThat(told()).isInstanceOf(Input.InstanceRemoved.class);
            assertThat(cloud.agentTakenUp(ref)).isEqualTo(1);
        }
    }

    private static Machine machine(InstanceRef ref) {
        return Machine.begun(
                        MACHINE,
                        "demo-members-0",
                        Optional.empty(),
                        Optional.of("memory"),
                        Machine.State.READY)
                .withInstance(ref.value(), Optional.empty());
    }

    private static Effect.CreateInstance wish(String provider, Value.Struct spec) {
        return new Effect.CreateInstance(MACHINE, "demo-members-0", provider, spec, "boot-token");
    }

    private Instance instanceOnceTold() throws InterruptedException {
        assertThat(told()).isInstanceOf(Input.InstanceCreated.class);
        return cloud.instances().getFirst();
    }

    private Input told() throws InterruptedException {
        Input input = core.poll(5, TimeUnit.SECONDS);
        assertThat(input).isNotNull();
        return input instanceof Input.InstanceFailed failed
                ? failed(failed.code(), failed.retryable())
                : input;
    }

    private static Input failed(String code, boolean retryable) {
        return new Input.InstanceFailed(MACHINE, code, "", retryable);
    }
}
