package dev.formwork.workflow.pool;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problems;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.yaml.PoolLoader;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A pool as it is recorded: what was declared, and which machines it has made. Whatever else is
/// known of its machines is in their own records. Immutable.
public final class Pool {
    private final PoolSpec spec;
    private final String yaml;
    private final SortedSet<MachineId> made;
    private final MachineCondition where;

    private Pool(PoolSpec spec, String yaml, SortedSet<MachineId> made, MachineCondition where) {
        this.spec = spec;
        this.yaml = yaml;
        this.made = made;
        this.where = where;
    }

    /// What is declared in a file.
    ///
    /// @param file as problems are to name it
    /// @throws dev.formwork.model.ProblemException all that is wrong with it: `yaml.*`,
    ///   `expression.*`, `pool.no-source`
    public static PoolSpec read(String file, String yaml) {
        PoolSpec spec = PoolLoader.load(file, yaml);
        condition(spec);
        return spec;
    }

    private static MachineCondition condition(PoolSpec spec) {
        Problems problems = new Problems();
        MachineCondition where = MachineCondition.of(spec.where(), problems);
        problems.throwIfAny();
        return where;
    }

    /// @param made machines of its own: those that it had made, and that are still there
    /// @throws dev.formwork.model.ProblemException what is wrong with the YAML
    public static Pool of(String yaml, SortedSet<MachineId> made) {
        PoolSpec spec = PoolLoader.load("pool", yaml);
        return new Pool(
                spec,
                yaml,
                Collections.unmodifiableSortedSet(new TreeSet<>(made)),
                condition(spec));
    }

    public String name() {
        return spec.name();
    }

    public PoolSpec spec() {
        return spec;
    }

    /// As it was declared.
    public String yaml() {
        return yaml;
    }

    public SortedSet<MachineId> made() {
        return made;
    }

    public Pool with(MachineId own) {
        TreeSet<MachineId> more = new TreeSet<>(made);
        more.add(own);
        return withMade(more);
    }

    public Pool without(MachineId own) {
        TreeSet<MachineId> fewer = new TreeSet<>(made);
        fewer.remove(own);
        return withMade(fewer);
    }

    public Pool withMade(SortedSet<MachineId> own) {
        return new Pool(spec, yaml, Collections.unmodifiableSortedSet(own), where);
    }

    /// Whether it may have one machine more made.
    public boolean hasRoom() {
        return spec.make().filter(make -> made.size() < make.most()).isPresent();
    }

    /// Whether a machine is one of the pool's, whoever has it.
    public boolean has(Machine machine) {
        if (machine.isEngine() || !machine.boot().admitted()) {
            return false;
        }
        Optional<Pooled> part = machine.pooled();
        boolean taken = machine.placement().isPresent();
        if (taken || part.filter(Pooled::made).isPresent()) {
            return part.filter(it -> it.pool().equals(name())).isPresent();
        }
        return spec.where().isPresent() && where.holds(machine);
    }

    /// Whether a machine keeps the pool from being dropped: it was taken from it, or is not ready
    /// for the next.
    public boolean isInUse(Machine machine) {
        return machine.pooled()
                .filter(part -> part.pool().equals(name()))
                .filter(part -> part.phase() != Pooled.Phase.FREE)
                .isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pool pool && yaml.equals(pool.yaml) && made.equals(pool.made);
    }

    @Override
    public int hashCode() {
        return yaml.hashCode();
    }

    @Override
    public String toString() {
        return "Pool[" + name() + ", made " + made + "]";
    }
}
