package dev.formwork.workflow.shard;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.machine.Machine;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/// One of the parts into which machines, runs and mutexes are cut, so that several engines share
/// the work: at any time a shard is one engine's, or nobody's.
///
/// What belongs together is in one shard: a cluster, its members, its runs. Machines that never
/// were in a cluster share one. Each engine's own machine is a shard by itself. The number of
/// shards is part of the stored format.
///
/// @param name `s-0` to `s-63`, or `engine-` and the id of an engine's own machine
public record Shard(String name) implements Comparable<Shard> {
    /// How many there are beside those of engines' own machines.
    public static final int COUNT = 64;

    private static final String ENGINE = "engine-";

    /// The one whose engine also does what is done once for all: it forgets what is old.
    public static final Shard FIRST = new Shard("s-0");

    /// That of all mutexes: a name of one can be an expression, which is known only as a run goes
    /// on.
    public static final Shard MUTEXES = new Shard("s-1");

    /// That of machines that never were in a cluster.
    public static final Shard POOL = new Shard("s-2");

    public static Shard ofCluster(String cluster) {
        CRC32C sum = new CRC32C();
        sum.update(cluster.getBytes(StandardCharsets.UTF_8));
        return new Shard("s-" + sum.getValue() % COUNT);
    }

    public static Shard ofEngine(MachineId ownMachine) {
        return new Shard(ENGINE + ownMachine.value());
    }

    public static Shard of(Machine machine) {
        return machine.isEngine()
                ? ofEngine(machine.id())
                : machine.home().map(Shard::ofCluster).orElse(POOL);
    }

    /// All but those of engines' own machines.
    public static SortedSet<Shard> all() {
        TreeSet<Shard> all = new TreeSet<>();
        for (int i = 0; i < COUNT; i++) {
            all.add(new Shard("s-" + i));
        }
        return Collections.unmodifiableSortedSet(all);
    }

    /// Whether it is the shard of an engine's own machine.
    public boolean isEngine() {
        return name.startsWith(ENGINE);
    }

    @Override
    public int compareTo(Shard other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
