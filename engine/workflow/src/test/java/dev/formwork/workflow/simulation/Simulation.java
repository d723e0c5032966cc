package dev.formwork.workflow.simulation;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Identifiers;
import dev.formwork.workflow.engine.Replay;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.InMemoryStore;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// One simulated world: its time, what happens next, and what went against the rules.
final class Simulation {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final int MOST_EVENTS = 200_000;

    private record Entry(Instant at, long order, Runnable what) {}

    private final PriorityQueue<Entry> agenda =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
    private final List<String> violations = new ArrayList<>();
    private @Nullable List<String> trace;
    private final Random random;
    private final Chaos chaos;
    private final double engineShare;
    private Instant now = BEGIN;
    private long order;
    private boolean restored;

    private final Scenario scenario;
    private final SimulatedEngine engine;
    private final SimulatedProvider provider;
    private final Truth truth;

    Simulation(long seed, Chaos chaos, SeededBug bug) {
        this.random = new Random(seed * 7919 + 17);
        this.chaos = chaos;
        this.engineShare = random.nextInt(3) * 0.25;
        this.scenario = new Scenario(new Random(seed));
        this.truth = new Truth(this, scenario);
        this.engine = new SimulatedEngine(this, scenario, bug);
        this.provider = new SimulatedProvider(this);
        provider.begin();
        engine.start();
        scenario.plans().forEach(plan -> new SimulatedPerson(this, plan).begin());
        for (int i = 0; i < chaos.outages(); i++) {
            Duration at = Duration.ofMillis(random.nextLong(chaos.until().toMillis()));
            after(at, this::outage);
        }
        if (chaos.restored()) {
            after(between(8_000, 120_000), this::backup);
        }
    }

    /// What is stored now is all that is left some time later.
    private void backup() {
        engine.flush();
        if (scenario.plans().stream().anyMatch(plan -> engine.run(plan).isEmpty())) {
            // Of a run that began after the backup nobody knows anything.
            after(between(1_000, 5_000), this::backup);
            return;
        }
        InMemoryStore copy = engine.copy();
        after(between(1_000, 90_000), () -> lose(copy));
    }

    private void lose(InMemoryStore backup) {
        // Where machines were removed since, people have to plan again.
        Set<MachineId> left =
                engine.store().machines().stream()
                        .filter(machine -> machine.state() != Machine.State.REMOVING)
                        .map(Machine::id)
                        .collect(Collectors.toSet());
        if (left.containsAll(backup.machines().stream().map(Machine::id).toList())
                && !engine.allSucceeded()) {
            restored = true;
            engine.restore(backup);
        }
    }

    /// Whether the store was lost and restored.
    boolean restored() {
        return restored;
    }

    /// Runs until every run has succeeded.
    ///
    /// @return what went against the rules; nothing where all is well
    List<String> run() {
        int events = 0;
        while (violations.isEmpty() && !engine.allSucceeded()) {
            Entry next = agenda.poll();
            if (next == null || next.at.isAfter(BEGIN.plus(LIMIT)) || events++ > MOST_EVENTS) {
                violations.add("it does not end: " + engine.whatIsOpen());
                break;
            }
            now = next.at;
            next.what.run();
        }
        if (violations.isEmpty()) {
            scenario.byDigest()
                    .forEach((digest, plan) ->
                            truth.settled(engine.run(digest).orElseThrow().id(), plan));
            scenario.plans().forEach(digest -> replay(engine.run(digest).orElseThrow().id()));
        }
        return violations;
    }

    /// What the run was told is all that decided how it went.
    private void replay(RunId run) {
        new Replay(engine.store(), engine.parts())
                .of(run)
                .differences()
                .forEach(difference -> violated("the replay of " + run + ": " + difference));
    }

    /// Each world has troubles of its own: in some the engine never crashes, in others all the
    /// time.
    private void outage() {
        double kind = random.nextDouble();
        if (kind < engineShare) {
            engine.crash();
        } else if (random.nextBoolean()) {
            provider.any(random).crash(random.nextBoolean());
        } else {
            provider.any(random).partition(Duration.ofSeconds(5 + random.nextInt(180)));
        }
    }

    Scenario scenario() {
        return scenario;
    }

    SimulatedEngine engine() {
        return engine;
    }

    SimulatedProvider provider() {
        return provider;
    }

    Truth truth() {
        return truth;
    }

    Random random() {
        return random;
    }

    Instant now() {
        return now;
    }

    boolean calm() {
        return !now.isBefore(BEGIN.plus(chaos.until()));
    }

    boolean happens(double share) {
        return !calm() && random.nextDouble() < share;
    }

    Chaos chaos() {
        return chaos;
    }

    Duration between(long fromMillis, long toMillis) {
        return Duration.ofMillis(random.nextLong(fromMillis, toMillis));
    }

    void after(Duration delay, Runnable what) {
        agenda.add(new Entry(now.plus(delay), order++, what));
    }

    void violated(String rule) {
        violations.add(Duration.between(BEGIN, now) + ": " + rule);
    }

    /// Where somebody wants to read it: to write down all that happens takes longer than all that
    /// happens.
    void trace(Supplier<String> what) {
        if (trace != null) {
            trace.add(Duration.between(BEGIN, now) + " " + what.get());
        }
    }

    /// Runs, and writes down all that happens.
    List<String> traced() {
        List<String> written = new ArrayList<>();
        trace = written;
        run().forEach(written::add);
        return written;
    }

    /// Ids by counting: they go on where the engine begins anew.
    Identifiers identifiers() {
        return new Identifiers() {
            private int next;

            @Override
            public RunId run() {
                return new RunId("r-" + ++next);
            }

            @Override
            public JobId job() {
                return new JobId("j-" + ++next);
            }

            @Override
            public MachineId machine() {
                return new MachineId("m-" + ++next);
            }

            @Override
            public String bootToken() {
                return "token-" + ++next;
            }

            @Override
            public String bootToken(MachineId machine) {
                return "token-of-" + machine;
            }
        };
    }
}
