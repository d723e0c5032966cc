package dev.formwork.server.provider;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Pause;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.machine.Machine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Has providers make and remove instances and start agents again, and tells the core what came of
/// it. What the core asks for twice is done once; what concerns one machine is done in order.
/// Thread-safe.
public final class ProviderWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderWorker.class);
    private static final int AT_A_TIME = 16;

    /// A machine that does not answer is no reason for others to wait.
    private static final int TAKEN_UP_AT_A_TIME = 1_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CHANGE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Supplier<Providers> providers;
    private final Consumer<Input> core;
    private final ProviderCalls calls = new ProviderCalls(AT_A_TIME);
    private final ProviderCalls takingUp = new ProviderCalls(TAKEN_UP_AT_A_TIME);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("provider-work-", 0).factory());
    private final Lanes lanes = new Lanes(threads);

    /// @param core takes what came of it; must not throw
    public ProviderWorker(Supplier<Providers> providers, Consumer<Input> core) {
        this.providers = providers;
        this.core = core;
    }

    public void create(Effect.CreateInstance wish) {
        submit(
                wish.machine(),
                "create",
                settle -> answer(wish.machine(), () -> created(wish), settle));
    }

    public void remove(Effect.RemoveInstance wish) {
        submit(
                wish.machine(),
                "remove",
                settle -> answer(wish.machine(), () -> removed(wish), settle));
    }

    public void power(Effect.SwitchPower wish) {
        submit(
                wish.machine(),
                wish.on() ? "switch-on" : "switch-off",
                settle -> answer(wish.machine(), () -> switched(wish), settle));
    }

    /// Starts the agent again where the provider can, or the machine where it lost its power, and
    /// notices where it is gone.
    public void restartAgent(MachineId machine, String provider, Optional<String> reference) {
        submit(machine, "restart", _ -> restarted(machine, provider, reference));
    }

    /// Has providers look after the agents of machines that are this engine's from now on. Where
    /// that fails for the moment it is tried again, for as long as the machine is this engine's.
    ///
    /// @param machines read by a thread of this worker
    /// @param isOurs whether a machine is this engine's still
    public void takeUpAgents(Supplier<List<Machine>> machines, Predicate<MachineId> isOurs) {
        threads.execute(() -> {
            for (Machine machine : machines.get()) {
                if (isMade(machine)) {
                    takeUpAgent(machine, isOurs, FIRST_PAUSE);
                }
            }
        });
    }

    private static boolean isMade(Machine machine) {
        return switch (machine.state()) {
            case BOOTING, HELD, READY, UNREACHABLE ->
                    machine.provider().isPresent() && machine.instance().isPresent();
            case REQUESTED, REMOVING, GONE -> false;
        };
    }

    private void takeUpAgent(Machine machine, Predicate<MachineId> isOurs, Duration pause) {
        submit(
                machine.id(),
                "take-up",
                settle -> {
                    boolean again = !isTakenUp(machine);
                    settle.run();
                    if (again) {
                        CompletableFuture.delayedExecutor(
                                        pause.toMillis(), TimeUnit.MILLISECONDS, threads)
                                .execute(() -> {
                                    if (isOurs.test(machine.id())) {
                                        takeUpAgent(
                                                machine,
                                                isOurs,
                                                Pause.doubled(pause, LONGEST_PAUSE));
                                    }
                                });
                    }
                });
    }

    /// @return false where that is to be tried again
    private boolean isTakenUp(Machine machine) {
        String name = machine.provider().orElseThrow();
        InstanceRef ref = new InstanceRef(machine.instance().orElseThrow());
        try {
            Provider provider = providers.get().require(name);
            if (provider.capabilities().offers(AgentSupervision.class)) {
                AgentSupervision supervision = provider.capability(AgentSupervision.class);
                takingUp.call(
                        name,
                        "take up the agent of " + machine.name(),
                        LOOK,
                        () -> {
                            supervision.takeUpAgent(ref);
                            return ref;
                        });
            }
            return true;
        } catch (ProblemException e) {
            if (!threads.isShutdown()) {
                LOG.warn("cannot take up the agent: {}", e.getMessage());
            }
            return !ProviderCode.isTransient(e);
        }
    }

    /// All instances of this engine at a provider.
    ///
    /// @throws ProblemException `provider.*`
    public List<Instance> list(String provider) {
        InstanceLifecycle lifecycle = lifecycle(provider);
        return calls.call(provider, "list the machines of " + provider, LOOK, lifecycle::list);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        calls.close();
        takingUp.close();
    }

    private void submit(MachineId machine, String kind, Consumer<Runnable> work) {
        lanes.submit(
                machine,
                kind,
                settle -> {
                    try (MDC.MDCCloseable _ = MDC.putCloseable("machine", machine.value())) {
                        work.accept(settle);
                    }
                });
    }

    private void answer(MachineId machine, Supplier<Input> work, Runnable settle) {
        Input result;
        try {
            result = work.get();
        } catch (ProblemException e) {
            if (threads.isShutdown()) {
                return; // The next engine asks again.
            }
            Problem problem = e.problems().getFirst();
            LOG.warn("{}", problem);
            result =
                    new Input.InstanceFailed(
                            machine, problem.code(), problem.detail(), ProviderCode.isTransient(e));
        } catch (RuntimeException e) {
            LOG.error("a provider failed", e);
            result =
                    new Input.InstanceFailed(
                            machine, ProviderCode.UNAVAILABLE.code(), "it failed: " + e, true);
        }
        settle.run();
        core.accept(result);
    }

    private Input created(Effect.CreateInstance wish) {
        InstanceLifecycle lifecycle = lifecycle(wish.provider());
        InstanceRequest request =
                new InstanceRequest(
                        wish.machine(),
                        wish.name(),
                        new BootToken(wish.bootToken()),
                        Map.of(),
                        wish.spec());
        Instance made =
                calls.call(
                        wish.provider(),
                        "make machine " + wish.name(),
                        CHANGE,
                        () -> lifecycle.create(token("create", wish.machine()), request));
        LOG.info("{} made {} as {}", wish.provider(), wish.name(), made.ref().value());
        return new Input.InstanceCreated(
                wish.machine(),
                made.ref().value(),
                Optional.ofNullable(made.address()),
                made.hardware(),
                made.cards());
    }

    private Input removed(Effect.RemoveInstance wish) {
        InstanceLifecycle lifecycle = lifecycle(wish.provider());
        List<InstanceRef> refs =
                wish.reference()
                        .map(reference -> List.of(new InstanceRef(reference)))
                        .orElseGet(() ->
                                list(wish.provider()).stream()
                                        .filter(each -> each.machine().equals(wish.machine()))
                                        .map(Instance::ref)
                                        .toList());
        for (InstanceRef ref : refs) {
            calls.call(
                    wish.provider(),
                    "remove machine " + wish.machine(),
                    CHANGE,
                    () -> {
                        lifecycle.delete(token("remove", wish.machine()), ref);
                        return ref;
                    });
            LOG.info("{} removed {}", wish.provider(), ref.value());
        }
        return new Input.InstanceRemoved(wish.machine());
    }

    /// Each time another operation: a machine is switched on and off as often as it is taken.
    private Input switched(Effect.SwitchPower wish) {
        PowerControl power =
                providers.get().require(wish.provider()).capability(PowerControl.class);
        InstanceRef ref =
                new InstanceRef(
                        wish.reference()
                                .orElseThrow(() ->
                                        ProblemException.of(
                                                "machine.no-instance",
                                                "there is no instance of " + wish.machine(),
                                                null)));
        String what = wish.on() ? "switch on " : "switch off ";
        calls.call(
                wish.provider(),
                what + wish.machine(),
                CHANGE,
                () -> {
                    if (wish.on()) {
                        power.powerOn(RemoteHands.token(), ref);
                    } else {
                        power.powerOff(RemoteHands.token(), ref);
                    }
                    return ref;
                });
        LOG.info("{} {}{}", wish.provider(), what, ref.value());
        return new Input.InstanceSwitched(wish.machine(), wish.on());
    }

    private void restarted(MachineId machine, String name, Optional<String> reference) {
        if (reference.isEmpty()) {
            return;
        }
        InstanceRef ref = new InstanceRef(reference.get());
        try {
            Provider provider = providers.get().require(name);
            if (provider.capabilities().offers(InstanceLifecycle.class)
                    && calls.call(
                                    name,
                                    "find machine " + machine,
                                    LOOK,
                                    () -> lifecycle(name).find(ref))
                            .isEmpty()) {
                LOG.warn("{} no longer has {}", name, ref.value());
                core.accept(new Input.InstanceGone(machine));
                return;
            }
            if (provider.capabilities().offers(AgentSupervision.class)) {
                AgentSupervision supervision = provider.capability(AgentSupervision.class);
                calls.call(
                        name,
                        "restart the agent of " + machine,
                        LOOK,
                        () -> {
                            supervision.restartAgent(ref);
                            return ref;
                        });
                LOG.info("{} restarted the agent of {}", name, ref.value());
            } else if (provider.capabilities().offers(PowerControl.class)) {
                PowerControl power = provider.capability(PowerControl.class);
                calls.call(
                        name,
                        "switch on " + machine,
                        LOOK,
                        () -> {
                            if (power.power(ref) == PowerState.LOST) {
                                power.powerOn(RemoteHands.token(), ref);
                                LOG.info("{} switched {} on again", name, ref.value());
                            }
                            return ref;
                        });
            }
        } catch (ProblemException e) {
            LOG.warn("cannot restart the agent: {}", e.getMessage());
        }
    }

    private InstanceLifecycle lifecycle(String provider) {
        return providers.get().require(provider).capability(InstanceLifecycle.class);
    }

    /// The same in every repetition; a machine is made once and removed once.
    private static OperationToken token(String operation, MachineId machine) {
        String token = operation + "-" + machine.value();
        return new OperationToken(token.length() <= 64 ? token : token.substring(0, 64));
    }
}
