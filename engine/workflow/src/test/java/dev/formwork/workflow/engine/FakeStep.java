package dev.formwork.workflow.engine;

import dev.formwork.model.Location;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Header;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.Until;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.result.Fingerprinter;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What a step is, with settings that tests change one by one.
public final class FakeStep implements StepWork {
    /// What it puts out while [#until] does not hold.
    public static final Value.Struct NOT_YET = Value.of(Map.of("v", Value.of("not yet")));

    private static final Location NOWHERE = new Location("fake", 1, 1);
    final NodeKey key;
    final Set<NodeKey> reads = new LinkedHashSet<>();
    final Set<Effect> effects = new LinkedHashSet<>();
    Repeat repeat = Repeat.IDEMPOTENT;
    boolean check;
    boolean undo;
    boolean secret;
    Optional<Step.Retry> retry = Optional.empty();
    Optional<Until> until = Optional.empty();
    Duration timeout = Duration.ofSeconds(60);
    boolean parallel;
    Optional<Mutex> mutex = Optional.empty();
    String seed = "1";
    boolean handles;
    Optional<String> undoes = Optional.empty();
    boolean tolerated;
    Decision decision = Decision.WILL_RUN;
    Predicate<World> when = _ -> true;
    Optional<String> incarnation = Optional.empty();
    Optional<Fingerprint> expected = Optional.empty();
    Optional<LoadedModule> module = Optional.empty();

    FakeStep(NodeKey key) {
        this.key = key;
    }

    public FakeStep reads(NodeKey... others) {
        reads.addAll(List.of(others));
        return this;
    }

    public FakeStep repeat(Repeat next) {
        repeat = next;
        check |= next == Repeat.VERIFY_FIRST;
        return this;
    }

    public FakeStep check() {
        check = true;
        return this;
    }

    public FakeStep undo() {
        undo = true;
        return this;
    }

    public FakeStep secretOutput() {
        secret = true;
        return this;
    }

    public FakeStep mayReboot() {
        effects.add(Effect.REBOOT);
        return this;
    }

    public FakeStep erases() {
        effects.add(Effect.ERASE);
        return this;
    }

    public FakeStep retry(int times, Duration delay) {
        retry = Optional.of(new Step.Retry(times, delay));
        return this;
    }

    /// Runs again while it puts out `not yet`.
    public FakeStep until(int max, Duration delay) {
        until = Optional.of(new Until(max, delay, outputs -> !outputs.equals(NOT_YET)));
        return this;
    }

    public FakeStep timeout(Duration next) {
        timeout = next;
        return this;
    }

    public FakeStep parallelToOthers() {
        parallel = true;
        return this;
    }

    public FakeStep mutex(String name, int max) {
        mutex = Optional.of(new Mutex(name, max));
        return this;
    }

    public FakeStep seed(String next) {
        seed = next;
        return this;
    }

    public FakeStep decision(Decision next) {
        decision = next;
        return this;
    }

    public FakeStep when(Predicate<World> next) {
        when = next;
        return this;
    }

    public FakeStep incarnation(String next) {
        incarnation = Optional.of(next);
        return this;
    }

    public FakeStep expected(Fingerprint next) {
        expected = Optional.of(next);
        return this;
    }

    @Override
    public NodeKey key() {
        return key;
    }

    public Set<NodeKey> reads() {
        return reads;
    }

    public boolean reboots() {
        return effects.contains(Effect.REBOOT);
    }

    public boolean hasUndo() {
        return undo;
    }

    public LoadedModule.Lock lock() {
        return new LoadedModule.Lock(name(), "1.0.0", "sha256:" + name());
    }

    private String name() {
        return key.path().replace(':', '-').replace('_', '-').replace('/', '-');
    }

    @Override
    public LoadedModule module() {
        if (module.isEmpty()) {
            Task task =
                    new Task(
                            new Header(name(), "1.0.0", "A fake.", Set.of(), NOWHERE),
                            Map.of(),
                            Map.of("v", new OutputSpec("v", Value.Struct.EMPTY, secret, NOWHERE)),
                            effects,
                            repeat,
                            "shell",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            new Script.Inline("run"),
                            check ? Optional.of(new Script.Inline("check")) : Optional.empty(),
                            undo ? Optional.of(new Script.Inline("undo")) : Optional.empty(),
                            timeout);
            module = Optional.of(new LoadedModule(task, new FileTree(Map.of()), "code"));
        }
        return module.get();
    }

    /// Its failure undoes what the run has done in the outermost workflow.
    public FakeStep undoesAll() {
        undoes = Optional.of("");
        return this;
    }

    @Override
    public Optional<String> undoes() {
        return undoes;
    }

    /// Its failure does not fail the run.
    public FakeStep borne() {
        tolerated = true;
        return this;
    }

    @Override
    public boolean tolerated() {
        return tolerated;
    }

    @Override
    public boolean handles() {
        return handles;
    }

    @Override
    public boolean event() {
        return handles;
    }

    @Override
    public Optional<Step.Retry> retry() {
        return retry;
    }

    @Override
    public Optional<Until> until() {
        return until;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public Resolution<Boolean> when(World world) {
        return new Resolution.Known<>(when.test(world));
    }

    @Override
    public boolean parallel() {
        return parallel;
    }

    @Override
    public boolean hasMutex() {
        return mutex.isPresent();
    }

    @Override
    public Resolution<Optional<Mutex>> mutex(World world) {
        return new Resolution.Known<>(mutex);
    }

    public Optional<Mutex> mutex() {
        return mutex;
    }

    @Override
    public Resolution<Value.Struct> inputs(World world) {
        TreeSet<NodeKey> unknown = new TreeSet<>();
        Map<String, Value> inputs = new LinkedHashMap<>();
        inputs.put("seed", Value.of(seed));
        int number = 0;
        for (NodeKey read : reads) {
            String name = "from" + number++;
            switch (world.outputs(read)) {
                case Outputs.Known(Value.Struct(var fields)) ->
                        inputs.put(name, fields.getOrDefault("v", Value.nil()));
                case Outputs.Skipped _, Outputs.Missing _ -> inputs.put(name, Value.nil());
                case Outputs.Unknown _ -> unknown.add(read);
            }
        }
        return unknown.isEmpty()
                ? new Resolution.Known<>(Value.of(inputs))
                : new Resolution.Unknown<>(unknown);
    }

    @Override
    public Value.Struct knownInputs(World world) {
        return Value.Struct.EMPTY;
    }

    /// The result it would have had on a machine, with these inputs.
    public StepResult result(
            String cluster,
            Fingerprinter fingerprinter,
            String onIncarnation,
            Value.Struct inputs,
            Value.Struct outputs,
            RunId run) {
        return new StepResult(
                cluster,
                key,
                onIncarnation,
                fingerprinter.of(module(), inputs),
                lock(),
                inputs,
                outputs,
                new TreeSet<>(),
                false,
                false,
                run);
    }
}
