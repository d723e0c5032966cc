package dev.formwork.workflow.engine;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A plan with the graph it was compiled from. Immutable, and the same every time it is compiled:
/// the core asks again after a restart.
public interface CompiledPlan {
    Plan plan();

    /// What a STEP node needs to be carried out.
    StepWork work(NodeKey key);

    /// How long a workflow may take from its first step on.
    ///
    /// @param workflow its path, empty for the outermost
    Optional<Duration> limit(String workflow);

    /// A module by the digest of its lock: that of a step, or the one an UNDO node ran with.
    ///
    /// @throws dev.formwork.model.ProblemException `module.unknown`
    LoadedModule module(String digest);

    /// Where a machine that is to be made may be made: the next place only when the one before is
    /// out of quota. At least one.
    ///
    /// @param machine name of a member
    List<Place> places(String machine);

    /// A provider, asked for something.
    ///
    /// @param label what it is called among the places of its machine
    /// @param machine in the provider's words
    record Place(String label, String provider, Value.Struct machine) {}

    /// Whether a machine of its pool will do for a member.
    ///
    /// @param member its name
    default boolean fits(String member, Machine machine) {
        return true;
    }

    /// Whether any machine will do, one too that is yet to be made.
    ///
    /// @param member its name
    default boolean fitsAny(String member) {
        return true;
    }

    /// Whether a pool may have a machine made for a member in this way: as the plan says, and so as
    /// it was approved.
    ///
    /// @param member its name
    default boolean mayMake(String member, PoolSpec.Make make) {
        return true;
    }

    /// The outputs of the cluster, once every node has ended well.
    ///
    /// @throws dev.formwork.model.ProblemException `expression.failed`
    Value.Struct outputs(World world);
}
