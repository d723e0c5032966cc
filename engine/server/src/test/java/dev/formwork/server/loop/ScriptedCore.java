package dev.formwork.server.loop;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.store.Change;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A core that does what a test says, and tells the test what it was stepped with.
public final class ScriptedCore implements SteppedCore {
    private final Function<Input, Transition> script;
    private final BlockingQueue<Input> seen = new LinkedBlockingQueue<>();
    private final AtomicReference<Optional<Instant>> wake = new AtomicReference<>(Optional.empty());

    public ScriptedCore(Function<Input, Transition> script) {
        this.script = script;
    }

    /// A core that stores one setting per input, and wakes the machine of that name.
    public static ScriptedCore storing() {
        return new ScriptedCore(input -> stored(name(input)));
    }

    public static Transition stored(String name) {
        return new Transition(
                List.of(new Change.PutSetting(name, "done")),
                List.of(new Effect.WakeAgent(new MachineId(name))),
                new Reply.Done());
    }

    public static Transition replying(Reply reply) {
        return new Transition(List.of(), List.of(), reply);
    }

    /// An input that a test can tell from others.
    public static Input input(String name) {
        return new Input.Cancel(new RunId(name), false, "somebody");
    }

    static String name(Input input) {
        return input instanceof Input.Cancel cancel ? cancel.run().value() : "other";
    }

    /// The next input that the core was stepped with; null where there is none for a while.
    public Input next() throws InterruptedException {
        Input input = seen.poll(5, TimeUnit.SECONDS);
        if (input == null) {
            throw new AssertionError("the core was not stepped");
        }
        return input;
    }

    public boolean idle() {
        return seen.isEmpty();
    }

    void wakeAt(Instant at) {
        wake.set(Optional.of(at));
    }

    @Override
    public Transition recover(Instant now) {
        return replying(new Reply.Done());
    }

    @Override
    public Transition step(Input input, Instant now) {
        if (input instanceof Input.Tick) {
            wake.set(Optional.empty());
        }
        seen.add(input);
        return script.apply(input);
    }

    @Override
    public Optional<Instant> nextWake() {
        return wake.get();
    }

    @Override
    public Optional<Instant> lastCall(MachineId machine) {
        return Optional.empty();
    }

    @Override
    public List<Cause> explain(RunId run, NodeKey node) {
        return List.of();
    }

    @Override
    public List<PoolWait> poolWaits(String pool) {
        return List.of();
    }
}
