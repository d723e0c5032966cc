package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.machine.Pooled.Phase;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.RunRecord;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who gets which machine of a pool. Nodes that want one stand in a line: the higher priority
/// first, then whoever asked first. [#serve] goes along the line at the end of each step in which
/// there may be something to give; so whoever still stands there afterwards has no machine that
/// would do.
///
/// One core has all pools, and every run that takes from one or gives back to one: see [RunShards].
/// So no machine has two takers.
final class Pools {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);

    /// A node that waits for a machine.
    private record Asking(RunCore run, int node, Instant since) implements Comparable<Asking> {
        private static final Comparator<Asking> ORDER =
                Comparator.comparingInt((Asking it) -> -it.run.record().terms().priority())
                        .thenComparing(Asking::since)
                        .thenComparing(it -> it.run.record().id())
                        .thenComparingInt(Asking::node);

        @Override
        public int compareTo(Asking other) {
            return ORDER.compare(this, other);
        }

        Member member() {
            return run.members().wantedMember(name()).orElseThrow();
        }

        String name() {
            return run.graph().planned(node).key().machine().orElseThrow();
        }

        String pool() {
            return member().pool().orElseThrow();
        }

        String words() {
            return name() + " of " + run.words();
        }
    }

    private final EngineState engine;
    private final Map<String, Pool> pools = new TreeMap<>();
    private final TreeSet<Asking> line = new TreeSet<>();
    private final Map<NodeRef, Asking> byNode = new HashMap<>();

    /// Something may be there for somebody who waits.
    private boolean news;

    Pools(EngineState engine) {
        this.engine = engine;
    }

    /// A pool as it is stored.
    void admit(Pool pool) {
        pools.put(pool.name(), pool);
        news = true;
    }

    Optional<Pool> find(String name) {
        return Optional.ofNullable(pools.get(name));
    }

    Collection<String> names() {
        return pools.keySet();
    }

    void put(Batch batch, Pool pool) {
        admit(pool);
        batch.pool(pool);
    }

    void drop(Batch batch, Pool pool) {
        pools.remove(pool.name());
        batch.poolDropped(pool.name());
    }

    /// A machine has changed, or is no more.
    void changed(Machine machine) {
        news |= machine.placement().isEmpty() && engine.safeguards.looksAfterWaiting();
    }

    /// A run is over, or goes on: what it held, or what it waits for, counts again.
    void look() {
        news = true;
    }

    /// A machine's record is dropped.
    void dropped(Batch batch, Machine machine) {
        machine.pooled()
                .filter(Pooled::made)
                .flatMap(part -> find(part.pool()))
                .filter(pool -> pool.made().contains(machine.id()))
                .ifPresent(pool -> put(batch, pool.without(machine.id())));
    }

    // Taking

    /// A node stands in the line from now on.
    void await(RunCore run, int node, Instant since) {
        leave(run.ref(node));
        Asking asking = new Asking(run, node, since);
        line.add(asking);
        byNode.put(run.ref(node), asking);
        news = true;
    }

    void leave(NodeRef node) {
        Asking asking = byNode.remove(node);
        if (asking != null) {
            line.remove(asking);
        }
    }

    /// Gives what there is to whom it is due.
    void serve(Batch batch) {
        while (news && !line.isEmpty() && !pools.isEmpty()) {
            news = false;
            Map<String, List<Host>> free = new TreeMap<>();
            Asking next = line.first();
            while (next != null) {
                Asking asking = next;
                Pool pool = pools.get(asking.pool());
                if (pool != null && !asking.run.paused() && !asking.run.cancelling()) {
                    serve(
                            batch,
                            asking,
                            pool,
                            free.computeIfAbsent(pool.name(), _ -> free(pool, batch.now())));
                }
                next = line.higher(asking);
            }
        }
    }

    private void serve(Batch batch, Asking asking, Pool pool, List<Host> free) {
        String cluster = asking.run.record().cluster();
        Optional<Host> found =
                free.stream()
                        .filter(host -> mayGive(cluster, host, batch.now()))
                        .filter(host -> asking.run.plan().fits(asking.name(), host.machine))
                        .min(
                                Comparator.comparing((Host host) ->
                                                !Standing.isReservedFor(cluster, host.machine))
                                        .thenComparing(host -> isOff(host.machine))
                                        .thenComparing(host -> host.machine.name()));
        if (found.isPresent()) {
            free.remove(found.get());
            take(batch, asking, pool, found.get());
        } else if (asking.run.plan().fitsAny(asking.name()) && pool.hasRoom()) {
            make(batch, asking, pool);
        }
    }

    private List<Host> free(Pool pool, Instant now) {
        return new ArrayList<>(
                engine.fleet.hosts().stream()
                        .filter(host -> engine.safeguards.mayGive(isFree(host, now)))
                        .filter(host -> pool.has(host.machine))
                        .toList());
    }

    private boolean mayGive(String cluster, Host host, Instant now) {
        return engine.safeguards.mayGive(
                isFree(host, now) && Standing.isFreeFor(cluster, host.machine, now));
    }

    /// Nobody has it, and nothing is done on it.
    private boolean isFree(Host host, Instant now) {
        Standing.State state = Standing.of(host.machine, now).state();
        return (state == Standing.State.FREE || state == Standing.State.RESERVED)
                && host.jobs.isEmpty()
                && (!engine.safeguards.holdsMachines()
                        || engine.claims.holder(host.machine.name()).isEmpty());
    }

    private static boolean isOff(Machine machine) {
        return machine.pooled().filter(Pooled::off).isPresent();
    }

    private static Machine.Placement placement(Asking asking) {
        Member member = asking.member();
        return new Machine.Placement(
                asking.run.record().cluster(), member.group(), member.ordinal(), false);
    }

    private void take(Batch batch, Asking asking, Pool pool, Host host) {
        Machine machine = host.machine;
        Pooled part =
                machine.pooled()
                        .orElseGet(() -> Pooled.free(pool.name(), machine.name()))
                        .takenFrom(pool.name());
        engine.fleet.put(
                batch, host, machine.takenAs(asking.name(), placement(asking)).withPooled(part));
        taken(batch, asking, host);
    }

    private void make(Batch batch, Asking asking, Pool pool) {
        PoolSpec.Make make = pool.spec().make().orElseThrow();
        Host host =
                engine.fleet.request(
                        batch,
                        asking.name(),
                        placement(asking),
                        make.provider(),
                        new Machine.Origin(make.machine(), 0));
        MachineId id = host.machine.id();
        String own = pool.name() + "-" + id.value().substring(Math.max(0, id.value().length() - 6));
        Pooled part =
                new Pooled(
                        pool.name(),
                        true,
                        engine.fleet.unused(own),
                        Phase.TAKEN,
                        "",
                        Optional.empty(),
                        false,
                        Optional.empty());
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        put(batch, pool.with(id));
        taken(batch, asking, host);
    }

    private void taken(Batch batch, Asking asking, Host host) {
        batch.pooled(host.machine);
        leave(asking.run.ref(asking.node));
        engine.herald.allocated(batch, asking.run, asking.node);
    }

    /// What the provider of a machine is asked for that a pool has made.
    Value.Struct instance(Pooled part) {
        return find(part.pool())
                .flatMap(pool -> pool.spec().make())
                .map(PoolSpec.Make::machine)
                .orElse(Value.Struct.EMPTY);
    }

    // Giving back

    /// A machine is in no cluster any more.
    void giveBack(Batch batch, Host host) {
        Machine machine = host.machine;
        Pooled part = machine.pooled().orElseThrow();
        String own = engine.fleet.unused(part.name());
        engine.fleet.put(
                batch,
                host,
                machine.givenBackAs(own)
                        .withPooled(part.named(own).in(Phase.CLEANING, "it came back")));
        host.maker = Optional.empty();
        host.cleanings = 0;
        clean(batch, host);
    }

    /// Makes a machine ready for the next; once more is harmless.
    void clean(Batch batch, Host host) {
        Machine machine = host.machine;
        Pooled part = machine.pooled().orElseThrow();
        PoolSpec.Clean policy =
                find(part.pool())
                        .map(pool -> pool.spec().clean())
                        .orElse(new PoolSpec.Clean.Nothing());
        boolean unborn = machine.state() == State.REQUESTED || machine.state() == State.BOOTING;
        if (machine.state() == State.REMOVING || (part.made() && unborn)) {
            policy = new PoolSpec.Clean.Delete();
        }
        host.cleanings++;
        switch (policy) {
            case PoolSpec.Clean.Nothing() -> free(batch, host, false);
            case PoolSpec.Clean.PowerOff() -> {
                if (machine.provider().isEmpty()) {
                    soil(batch, host, "no provider can switch it off");
                } else {
                    say(batch, host, "it is being switched off");
                    power(batch, host, false);
                }
            }
            case PoolSpec.Clean.Run(String module) -> {
                String why = "by " + module;
                engine.fleet.put(
                        batch,
                        host,
                        host.machine.withPooled(
                                part.in(Phase.CLEANING, why).cleanedBy(Optional.empty())));
                batch.pooled(host.machine);
                batch.effect(
                        new Effect.CleanMachine(machine.id(), machine.name(), part.pool(), module));
            }
            case PoolSpec.Clean.Delete() -> {
                if (machine.provider().isEmpty()) {
                    soil(batch, host, "no provider can delete it");
                } else {
                    engine.fleet.put(batch, host, host.machine.withState(State.REMOVING));
                    say(batch, host, "it is being deleted");
                    batch.effect(
                            new Effect.RemoveInstance(
                                    machine.id(), machine.provider().get(), machine.instance()));
                }
            }
        }
    }

    /// Takes up the cleaning that was under way when the core was loaded.
    void recover(Batch batch, Host host) {
        Optional<RunId> cleaner = host.machine.pooled().flatMap(Pooled::cleaner);
        // What is being removed is asked for again like any other.
        if (!isCleaning(host) || host.machine.state() == State.REMOVING) {
            return;
        }
        if (cleaner.isEmpty()) {
            clean(batch, host);
        } else if (!engine.runs.containsKey(cleaner.get())) {
            unclean(batch, host, cleaner.get());
        }
    }

    static void power(Batch batch, Host host, boolean on) {
        Machine machine = host.machine;
        batch.effect(
                new Effect.SwitchPower(
                        machine.id(), machine.provider().orElseThrow(), machine.instance(), on));
    }

    private void say(Batch batch, Host host, String why) {
        in(batch, host, Phase.CLEANING, why);
    }

    private void in(Batch batch, Host host, Phase phase, String why) {
        Pooled part = host.machine.pooled().orElseThrow().in(phase, why);
        if (!Optional.of(part).equals(host.machine.pooled())) {
            engine.fleet.put(batch, host, host.machine.withPooled(part));
        }
        batch.pooled(host.machine);
    }

    void free(Batch batch, Host host, boolean off) {
        Pooled part =
                host.machine
                        .pooled()
                        .orElseThrow()
                        .in(Phase.FREE, "")
                        .cleanedBy(Optional.empty())
                        .switched(off);
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        batch.pooled(host.machine);
    }

    /// Nobody gets it before a person has looked after it.
    private void soil(Batch batch, Host host, String why) {
        if (host.machine.state() == State.REMOVING) {
            engine.fleet.put(batch, host, host.machine.withState(State.UNREACHABLE));
        }
        in(batch, host, Phase.DIRTY, why);
    }

    private static boolean isCleaning(Host host) {
        return host.machine.placement().isEmpty()
                && host.machine.pooled().filter(it -> it.phase() == Phase.CLEANING).isPresent();
    }

    /// The provider has switched it.
    void switched(Batch batch, Host host, boolean on) {
        if (!on && isCleaning(host)) {
            engine.fleet.switchedOff(batch, host);
            free(batch, host, true);
        } else if (on && host.machine.pooled().filter(Pooled::off).isPresent()) {
            Pooled part = host.machine.pooled().get().switched(false);
            engine.fleet.switchedOn(batch, host, host.machine.withPooled(part));
        }
    }

    /// The provider could not clean it.
    void failed(Batch batch, Host host, Input.InstanceFailed answer) {
        if (!isCleaning(host)) {
            return;
        }
        EngineSettings settings = engine.parts.settings();
        if (!answer.retryable() || host.cleanings >= settings.providerAttempts()) {
            soil(batch, host, Words.provider(answer));
            return;
        }
        Duration backoff =
                settings.providerBackoff().multipliedBy(1L << Math.max(0, host.cleanings - 1));
        Instant at =
                batch.now()
                        .plus(backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff);
        say(batch, host, Words.provider(answer) + "; asked again at " + at);
        engine.timers.set(at, new Timers.Timer.Clean(host.machine.id()));
    }

    /// The time has come to ask the provider again.
    void cleanAgain(Batch batch, @Nullable Host host) {
        if (host != null && isCleaning(host)) {
            clean(batch, host);
        }
    }

    /// Whether a run may begin that cleans a machine: no other one does.
    boolean wantsCleaner(Host host) {
        return isCleaning(host) && host.machine.pooled().flatMap(Pooled::cleaner).isEmpty();
    }

    void cleaning(Batch batch, Host host, RunId run) {
        Pooled part = host.machine.pooled().orElseThrow();
        engine.fleet.put(
                batch,
                host,
                host.machine.withPooled(
                        part.in(Phase.CLEANING, "by run " + run).cleanedBy(Optional.of(run))));
        batch.pooled(host.machine);
    }

    /// A run has ended: perhaps it cleaned a machine. Once it could not, and is tried again.
    void ended(Batch batch, RunRecord run, List<Member> members) {
        for (Member member : members) {
            member.machine()
                    .flatMap(id -> Optional.ofNullable(engine.fleet.host(id)))
                    .filter(host -> isCleanedBy(host, run.id()))
                    .ifPresent(host -> {
                        if (run.state() == RunRecord.State.SUCCEEDED) {
                            free(batch, host, false);
                        } else {
                            soil(batch, host, "run " + run.id() + ": " + run.reason());
                        }
                    });
        }
    }

    /// The run that was to clean it has ended, and nobody heard how.
    void unclean(Batch batch, Host host, RunId run) {
        soil(batch, host, "run " + run + " has ended");
    }

    private static boolean isCleanedBy(Host host, RunId run) {
        return host.machine.placement().isEmpty()
                && host.machine
                        .pooled()
                        .filter(part -> part.phase() != Phase.FREE)
                        .flatMap(Pooled::cleaner)
                        .filter(run::equals)
                        .isPresent();
    }

    // Reservations

    /// Looks when a reservation of a machine is over.
    void watch(Machine machine) {
        machine.pooled()
                .flatMap(Pooled::reserved)
                .flatMap(Pooled.Reservation::until)
                .ifPresent(at -> engine.timers.set(at, new Timers.Timer.Reservation(machine.id())));
    }

    void reserve(Batch batch, Host host, String pool, Pooled.Reservation reservation) {
        Pooled part =
                host.machine
                        .pooled()
                        .orElseGet(() -> Pooled.free(pool, host.machine.name()))
                        .withReserved(Optional.of(reservation));
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        batch.pooled(host.machine);
        watch(host.machine);
    }

    void unreserve(Batch batch, Host host) {
        Optional<Pooled> part = host.machine.pooled().filter(it -> it.reserved().isPresent());
        if (part.isPresent()) {
            Pooled now = part.get().withReserved(Optional.empty());
            engine.fleet.put(batch, host, host.machine.withPooled(now));
            batch.pooled(host.machine);
        }
    }

    void reservationOver(Batch batch, @Nullable Host host) {
        if (host != null
                && host.machine
                        .pooled()
                        .flatMap(Pooled::reserved)
                        .filter(it -> it.isOver(batch.now()))
                        .isPresent()) {
            unreserve(batch, host);
        }
    }

    /// Machines of a pool that are free for everybody, by name.
    List<Host> free(Pool pool, Batch batch) {
        return free(pool, batch.now()).stream()
                .filter(host ->
                        Standing.of(host.machine, batch.now()).state() == Standing.State.FREE)
                .sorted(Comparator.comparing(host -> host.machine.name()))
                .toList();
    }

    // Saying why

    /// Why a node stands in the line.
    String why(NodeRef node, String otherwise) {
        Asking asking = byNode.get(node);
        if (asking == null) {
            return otherwise;
        }
        Pool pool = pools.get(asking.pool());
        if (pool == null) {
            return "there is no pool " + asking.pool();
        }
        List<Asking> before = before(asking);
        return "no machine of pool "
                + pool.name()
                + " that would do is free"
                + (before.isEmpty()
                        ? "; it is the next"
                        : "; "
                                + before.size()
                                + (before.size() == 1 ? " waits" : " wait")
                                + " before it, first "
                                + before.getFirst().words());
    }

    private List<Asking> before(Asking asking) {
        return line.headSet(asking).stream().filter(it -> it.pool().equals(asking.pool())).toList();
    }

    /// What has what a node waits for: the machines of the pool, by how they stand. Nothing says
    /// what time it is: what is reserved until then counts as reserved.
    List<Cause> behind(NodeRef node, int depth) {
        Asking asking = byNode.get(node);
        Pool pool = asking == null ? null : pools.get(asking.pool());
        if (pool == null) {
            return List.of();
        }
        Map<String, Integer> counts = new TreeMap<>();
        engine.fleet.hosts().stream()
                .map(host -> host.machine)
                .filter(pool::has)
                .forEach(machine -> {
                    Standing standing = Standing.of(machine, Instant.MIN);
                    counts.merge(
                            standing.state().word()
                                    + (machine.placement().isPresent()
                                            ? " " + standing.reason()
                                            : ""),
                            1,
                            Integer::sum);
                });
        List<String> words =
                counts.entrySet().stream().map(it -> it.getValue() + " " + it.getKey()).toList();
        return List.of(
                new Cause(
                        depth,
                        "pool " + pool.name(),
                        Optional.empty(),
                        words.isEmpty() ? "it has no machine" : String.join(", ", words)));
    }

    /// Who waits for a machine of a pool, in the order of their turns.
    List<PoolWait> waits(String pool) {
        return line.stream()
                .filter(it -> it.pool().equals(pool))
                .map(it ->
                        new PoolWait(
                                it.run.record().id(),
                                it.run.record().cluster(),
                                it.name(),
                                it.run.record().terms().priority(),
                                it.since))
                .toList();
    }
}
