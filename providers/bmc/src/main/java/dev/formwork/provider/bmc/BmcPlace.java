package dev.formwork.provider.bmc;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Steps;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// What all capabilities of a provider share: its nodes, who has which, and one operation at a time
/// on each node. Thread-safe.
public final class BmcPlace {
    private final String provider;
    private final EngineId engine;
    private final BmcSettings settings;
    private final Claims claims;
    private final Steps steps;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Consoles consoles;
    private volatile boolean isClosed;

    private BmcPlace(ProviderContext context, BmcSettings settings, Steps steps) {
        this.provider = context.name();
        this.engine = context.engine();
        this.settings = settings;
        this.claims = new Claims(context.records());
        this.steps = steps;
        this.clock = context.clock();
        this.random = context.random();
        this.consoles = new Consoles(context.dataDirectory().resolve("consoles"));
    }

    /// Waits for nothing. Goes on listening to the consoles of machines that are there.
    ///
    /// @param steps [Steps#unlessInterrupted] but in tests
    public static BmcPlace of(ProviderContext context, BmcSettings settings, Steps steps) {
        BmcPlace place = new BmcPlace(context, settings, steps);
        if (place.keepsConsoles()) {
            Thread _ = Thread.ofVirtual().name("consoles").start(place::goOnListening);
        }
        return place;
    }

    /// Whether the console of any node is kept.
    public boolean keepsConsoles() {
        return nodes().all().stream().anyMatch(each -> each.controller().serialPort().isPresent());
    }

    private void goOnListening() {
        try {
            consoles.goOn(claims.view().claims(), nodes());
        } catch (ProblemException | IOException failed) {
            // Who reads a console begins with it then.
        }
    }

    public String provider() {
        return provider;
    }

    EngineId engine() {
        return engine;
    }

    Nodes nodes() {
        return settings.nodes();
    }

    BmcSettings settings() {
        return settings;
    }

    Claims claims() {
        return claims;
    }

    Steps steps() {
        return steps;
    }

    Consoles consoles() {
        return consoles;
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    /// Ends what the controllers hold; machines live on.
    public void close() {
        isClosed = true;
        consoles.close();
        settings.nodes().close();
    }

    /// Called first by each operation.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.closed`, `provider.interrupted`
    public void begin(String what) {
        if (isClosed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
        Steps.unlessInterrupted(what);
    }

    /// The node of a machine of this engine, however far the machine is.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`; `provider.conflict` where
    ///   the configuration names the node no longer
    public ManagedNode node(InstanceRef ref) {
        return node(claim(ref));
    }

    /// The node of a machine that is neither half-made nor being deleted.
    ///
    /// @throws dev.formwork.model.ProblemException as [#node], and `provider.conflict`
    public ManagedNode readyNode(InstanceRef ref) {
        Claim claim = claim(ref);
        claim.requireReady();
        return node(claim);
    }

    /// What was noted about a machine last; empty where nothing was.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`
    public String note(InstanceRef ref) {
        String note = claim(ref).note();
        return note == null ? "" : note;
    }

    /// Remembers something about a machine, for as long as it is there.
    ///
    /// @param text at most 4,096 characters
    /// @throws dev.formwork.model.ProblemException `provider.not-found`; `provider.conflict` where
    ///   it is half-made or being deleted
    public void note(InstanceRef ref, String text) {
        Claim _ = updateReady(ref, claim -> claim.noting(text));
    }

    /// Told before each step that changes something.
    public void step(String what) {
        steps.next(what);
    }

    /// The same before a command to the node of a machine, and last: is it that machine's still?
    /// Whoever looked, waited or was stopped before, while another engine gave the node to another
    /// machine, gives no command. What then is left between this look and the controller is the way
    /// to it.
    ///
    /// @throws dev.formwork.model.ProblemException as [#readyNode]
    public void command(InstanceRef ref, String what) {
        steps.next(what);
        claim(ref).requireReady();
    }

    Claim claim(InstanceRef ref) {
        return claims.find(ref).orElseThrow(() -> notFound(ref));
    }

    /// Changes a claim that is neither half-made nor being deleted.
    Claim updateReady(InstanceRef ref, UnaryOperator<Claim> change) {
        return claims.update(
                        ref,
                        claim -> {
                            claim.requireReady();
                            return change.apply(claim);
                        })
                .orElseThrow(() -> notFound(ref));
    }

    ManagedNode node(Claim claim) {
        return nodes().find(claim.node())
                .orElseThrow(() ->
                        ProviderCode.CONFLICT.problem(
                                "the node %s of instance %s is not in the configuration of %s"
                                        .formatted(claim.node(), claim.ref(), provider),
                                "put it back, or delete the machine"));
    }

    ProblemException notFound(InstanceRef ref) {
        return ProviderCode.NOT_FOUND.problem(
                "engine %s has no instance %s at provider %s".formatted(engine, ref, provider),
                null);
    }

    /// Does something that takes several commands, with nobody of this process between them.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.interrupted`
    public <T> T alone(String node, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(node, _ -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            Steps.unlessInterrupted("work on node " + node);
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the node's power is so.
    ///
    /// @return whether it became so in time
    boolean becomes(boolean on, ManagedNode node, Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        while (node.controller().isOn() != on) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(settings.pause().toNanos());
            begin("wait for the power of node " + node.name());
        }
        return true;
    }
}
