package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;

import java.time.Instant;
import java.util.ArrayList;
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
final class PoolLine {
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
    private final TreeSet<Asking> line = new TreeSet<>();
    private final Map<NodeRef, Asking> byNode = new HashMap<>();

    /// Something may be there for somebody who waits.
    private boolean news;

    PoolLine(EngineState engine) {
        this.engine = engine;
    }

    /// A machine has changed, or is no more.
    void changed(Machine machine) {
        news |= machine.placement().isEmpty() && engine.safeguards.looksAfterWaiting();
    }

    /// A run is over, or goes on: what it held, or what it waits for, counts again.
    void look() {
        news = true;
    }

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
        while (news && !line.isEmpty() && !engine.pools.names().isEmpty()) {
            news = false;
            Map<String, List<Host>> free = new TreeMap<>();
            Asking next = line.first();
            while (next != null) {
                Asking asking = next;
                Pool pool = engine.pools.find(asking.pool()).orElse(null);
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
                                        .thenComparing(host -> Pooled.isOff(host.machine))
                                        .thenComparing(host -> host.machine.name()));
        if (found.isPresent()) {
            free.remove(found.get());
            take(batch, asking, pool, found.get());
        } else if (pool.hasRoom() && mayMake(asking, pool)) {
            make(batch, asking, pool);
        }
    }

    /// Whether one that is yet to be made will do, and would be what the plan said.
    private static boolean mayMake(Asking asking, Pool pool) {
        CompiledPlan plan = asking.run.plan();
        return plan.fitsAny(asking.name())
                && pool.spec().make().filter(make -> plan.mayMake(asking.name(), make)).isPresent();
    }

    /// Nobody has them, nothing is done on them; some may be reserved.
    List<Host> free(Pool pool, Instant now) {
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
        return (state == Standing.State.FREE || state == Standing.State.RESERVED) && isIdle(host);
    }

    /// No run works on it, or is about to.
    boolean isIdle(Host host) {
        return host.jobs.isEmpty()
                && (!engine.safeguards.holdsMachines()
                        || engine.claims.holder(host.machine.name()).isEmpty());
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
        Pooled part =
                Pooled.free(pool.name(), engine.pools.ownName(pool, id))
                        .madeByPool()
                        .takenFrom(pool.name());
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        engine.pools.put(batch, pool.with(id));
        taken(batch, asking, host);
    }

    private void taken(Batch batch, Asking asking, Host host) {
        batch.pooled(host.machine);
        leave(asking.run.ref(asking.node));
        engine.herald.allocated(batch, asking.run, asking.node);
    }

    // Saying why

    /// Why a node stands in the line.
    String why(NodeRef node, String otherwise) {
        Asking asking = byNode.get(node);
        if (asking == null) {
            return otherwise;
        }
        Pool pool = engine.pools.find(asking.pool()).orElse(null);
        if (pool == null) {
            return "there is no pool " + asking.pool();
        }
        List<Asking> before = before(asking);
        boolean moved =
                asking.run.plan().fitsAny(asking.name())
                        && pool.hasRoom()
                        && !mayMake(asking, pool);
        return "no machine of pool "
                + pool.name()
                + " that would do is free"
                + (moved ? ", and it would make another one than the plan said (plan again)" : "")
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
        Pool pool = asking == null ? null : engine.pools.find(asking.pool()).orElse(null);
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
        List<String> words = new ArrayList<>();
        counts.forEach((state, number) -> words.add(number + " " + state));
        long elsewhere = pool.made().stream().filter(id -> engine.fleet.host(id) == null).count();
        if (elsewhere > 0) {
            words.add(elsewhere + " in clusters of other engines");
        }
        return List.of(
                new Cause(
                        depth,
                        "pool " + pool.name(),
                        Optional.empty(),
                        words.isEmpty()
                                ? "this engine knows of no machine in it"
                                : String.join(", ", words)));
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
