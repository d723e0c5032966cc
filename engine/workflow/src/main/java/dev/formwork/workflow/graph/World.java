package dev.formwork.workflow.graph;

import dev.formwork.model.value.Value;

import java.util.Optional;

/// What expressions are evaluated against: the planner's world has unknowns, the runner's fewer
/// with every node that ends.
public interface World {
    Outputs outputs(NodeKey step);

    /// What is known of a wanted member once it is up: `address`, `facts`, `provider`. Empty while
    /// it is being made or booted.
    Optional<Value.Struct> live(String machine);

    /// The same for a member that leaves, from its record; never empty for one that was up.
    Optional<Value.Struct> lastKnown(String machine);
}
