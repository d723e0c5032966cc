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
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One simulated world: its time, what happens next, and what went against the rules.
final class Simulation {
    static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final int MOST_EVENTS = 200_000;

    /// @param at nanoseconds since the beginning
    private record Entry(long at, long order, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
    private final List<String> violations = new ArrayList<>();
    private @Nullable List<String> trace;
    private final Random random;
    private final Chaos chaos;
    private final double engineShare;

    /// In every tenth world, as it takes longer than all that happens.
    private final boolean explained;

    private Instant now = BEGIN;
    private long nanos;
    private long order;
    private boolean restored;

    private final Scenario scenario;
    private final SimulatedStore store;
    private final SimulatedEngine engine;
    private final SimulatedProvider provider;
    private final Truth truth;

    Simulation(long seed, Chaos chaos, SeededBug bug) {
        this.random = new Random(seed * 7919 + 17);
        this.chaos = chaos;
        this.engineShare = random.nextInt(3) * 0.25;
        this.explained = seed % 10 == 0;
        this.scenario = new Scenario(new Random(seed));
        this.truth = new Truth(this, scenario);
        double faults = chaos.writes() * random.nextInt(3) / 2;
        this.store = new SimulatedStore(this, scenario, faults);
        this.engine = new SimulatedEngine(this, scenario, store, bug);
        this.provider = new SimulatedProvider(this);
    }

    private void begin() {
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
        if (scenario.plans().stream().anyMatch(plan -> store.run(plan).isEmpty())) {
            // Of a run that began after the backup nobody knows anything.
            after(between(1_000, 5_000), this::backup);
            return;
        }
        InMemoryStore copy = store.contents().copy();
        after(between(1_000, 90_000), () -> lose(copy));
    }

    private void lose(InMemoryStore backup) {
        // Where machines were removed since, people have to plan again.
        Set<MachineId> left =
                store.contents().machines().stream()
                        .filter(machine -> machine.state() != Machine.State.REMOVING)
                        .map(Machine::id)
                        .collect(Collectors.toSet());
        if (left.containsAll(backup.machines().stream().map(Machine::id).toList())
                && !store.allSucceeded()) {
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
        try {
            begin();
            live();
            if (violations.isEmpty()) {
                end();
            }
        } catch (RuntimeException | Error e) {
            violated("it throws " + stack(e));
        }
        return violations;
    }

    /// As far as the simulation: what stands below says nothing of the seed.
    static String stack(Throwable thrown) {
        String frames =
                Stream.of(thrown.getStackTrace())
                        .takeWhile(frame -> !frame.getClassName().equals(Trial.class.getName()))
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
        Throwable cause = thrown.getCause();
        return thrown + frames + (cause == null ? "" : "\n  caused by " + stack(cause));
    }

    private void live() {
        int events = 0;
        while (violations.isEmpty() && !(store.allSucceeded() && store.nothingIsCleaned())) {
            Entry next = agenda.poll();
            if (next == null || next.at > LIMIT.toNanos() || events++ > MOST_EVENTS) {
                violations.add("it does not end: " + store.whatIsOpen());
                break;
            }
            if (next.at != nanos) {
                nanos = next.at;
                now = BEGIN.plusNanos(nanos);
            }
            next.what.run();
        }
    }

    private void end() {
        truth.agreesWithTheOutbox();
        truth.poolsAreSettled();
        scenario.byDigest()
                .forEach((digest, plan) ->
                        truth.settled(store.run(digest).orElseThrow().id(), plan));
        if (!restored) {
            Set<MachineId> known =
                    store.contents().machines().stream()
                            .map(Machine::id)
                            .collect(Collectors.toSet());
            provider.machines().stream()
                    .filter(machine -> !known.contains(machine))
                    .forEach(machine -> violated("nobody knows of " + machine + ", which is made"));
        }
        scenario.plans().forEach(digest -> replay(store.run(digest).orElseThrow().id()));
    }

    /// What the run was told is all that decided how it went.
    private void replay(RunId run) {
        new Replay(store.contents(), engine.parts())
                .of(run)
                .differences()
                .forEach(difference -> violated("the replay of " + run + ": " + difference));
    }

    /// Each world has troubles of its own: in some the engine never crashes, in others all the
    /// time.
    private void outage() {
        double kind = random.nextDouble();
        if (kind < engineShare) {
            engine.crash("as it happens");
        } else if (random.nextBoolean()) {
            provider.any(random).crash(random.nextBoolean());
        } else {
            provider.any(random).partition(Duration.ofSeconds(5 + random.nextInt(180)));
        }
    }

    Scenario scenario() {
        return scenario;
    }

    SimulatedStore store() {
        return store;
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

    /// Whether people ask of each node why it is where it is.
    boolean explained() {
        return explained;
    }

    boolean calm() {
        return nanos >= chaos.until().toNanos();
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
        agenda.add(new Entry(nanos + delay.toNanos(), order++, what));
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
