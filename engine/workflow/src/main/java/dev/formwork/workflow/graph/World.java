package dev.formwork.workflow.graph;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What expressions are evaluated against: the planner's world has unknowns, the runner's fewer
/// with every node that ends.
public interface World {
    Outputs outputs(NodeKey step);

    /// Whether a node has failed; known once that can't change any more.
    default Resolution<Optional<Failure>> failure(NodeKey step) {
        return switch (outputs(step)) {
            case Outputs.Known _, Outputs.Skipped _ -> new Resolution.Known<>(Optional.empty());
            case Outputs.Missing _, Outputs.Unknown _ ->
                    new Resolution.Unknown<>(new TreeSet<>(List.of(step)));
        };
    }

    /// What is known of a wanted member once it is up: `address`, `facts`, `provider`. Empty while
    /// it is being made or booted.
    Optional<Value.Struct> live(String machine);

    /// The same for a member that leaves, from its record; never empty for one that was up.
    Optional<Value.Struct> lastKnown(String machine);
}
