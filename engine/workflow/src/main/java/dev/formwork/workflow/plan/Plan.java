package dev.formwork.workflow.plan;

import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.placement.Placing;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What would be done, precisely enough to approve it and to be held to it.
///
/// @param nodes in an order in which each comes after those it waits for
/// @param forget results that are recorded, no longer wanted, and have nothing to undo
/// @param placing where its machines are made, and what all of them cost
public record Plan(
        String cluster,
        Kind kind,
        Source source,
        List<Member> members,
        List<PlannedNode> nodes,
        SortedSet<NodeKey> forget,
        Placing placing) {
    /// One that says no more of its machines than its members do.
    public Plan(
            String cluster,
            Kind kind,
            Source source,
            List<Member> members,
            List<PlannedNode> nodes,
            SortedSet<NodeKey> forget) {
        this(cluster, kind, source, members, nodes, forget, Placing.NONE);
    }

    public Plan {
        members = List.copyOf(members);
        nodes = List.copyOf(nodes);
        forget = Collections.unmodifiableSortedSet(new TreeSet<>(forget));
    }

    public enum Kind {
        APPLY,
        DESTROY,
        /// One module on chosen machines: `formwork run`.
        MODULE
    }

    /// All that the plan was compiled from, so that a run compiles the very same graph.
    ///
    /// @param clusterYaml the cluster as the user wrote it; may hold secrets, so it is stored
    ///   sealed
    /// @param modules every module in use, locked
    /// @param profiles profile name to digest of the file tree that holds it
    /// @param pinned what it reads from elsewhere: other clusters, packs' defaults, machines
    public record Source(
            String clusterYaml,
            List<LoadedModule.Lock> modules,
            SortedMap<String, String> profiles,
            Pinned pinned) {
        public Source {
            modules = List.copyOf(modules);
            profiles = Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
        }

        /// Digests of the files that it is compiled from.
        public Set<String> files() {
            Set<String> digests = new HashSet<>(profiles.values());
            modules.forEach(module -> digests.add(module.digest()));
            return digests;
        }
    }

    /// Counts for people and for `--output json`; gates and machine boots are not counted.
    ///
    /// @param allocate machines to take from pools
    /// @param release machines to give back to them
    /// @param effects per effect, and `create`/`remove` apart
    public record Summary(
            int run,
            int mayRun,
            int unchanged,
            int undo,
            int create,
            int remove,
            int allocate,
            int release,
            SortedMap<Effect, Count> effects) {
        public Summary {
            effects = Collections.unmodifiableSortedMap(new TreeMap<>(effects));
        }

        /// Nothing to do: an applied cluster plans to this.
        public boolean empty() {
            return run + mayRun + undo + create + remove + allocate + release == 0;
        }
    }

    /// @param certain on nodes that will run
    /// @param possible on nodes that may run, and where a pool may have to make a machine
    public record Count(int certain, int possible) {}

    public Summary summary() {
        int run = 0;
        int mayRun = 0;
        int unchanged = 0;
        int undo = 0;
        int create = 0;
        int remove = 0;
        int allocate = 0;
        int release = 0;
        Map<Effect, Count> effects = new TreeMap<>();
        for (PlannedNode node : nodes) {
            switch (node.action()) {
                case CREATE -> create++;
                case REMOVE -> remove++;
                case ALLOCATE -> allocate++;
                case RELEASE -> release++;
                case UNDO -> undo += node.decision() == Decision.WILL_RUN ? 1 : 0;
                case STEP -> {
                    switch (node.decision()) {
                        case WILL_RUN -> run++;
                        case MAY_RUN -> mayRun++;
                        case UNCHANGED -> unchanged++;
                        case SKIPPED -> {}
                    }
                }
                case BOOT, GATE -> {}
            }
            if (node.action() != Action.BOOT && node.action() != Action.GATE) {
                // Of a pool a machine is made only where none is free.
                boolean taken = node.action() == Action.ALLOCATE;
                boolean certain = node.decision() == Decision.WILL_RUN && !taken;
                boolean possible = node.decision() == Decision.MAY_RUN || taken;
                for (Effect effect : node.effects()) {
                    effects.merge(
                            effect,
                            new Count(certain ? 1 : 0, possible ? 1 : 0),
                            (a, b) -> new Count(a.certain + b.certain, a.possible + b.possible));
                }
            }
        }
        effects.values().removeIf(count -> count.certain + count.possible == 0);
        return new Summary(
                run,
                mayRun,
                unchanged,
                undo,
                create,
                remove,
                allocate,
                release,
                new TreeMap<>(effects));
    }
}
