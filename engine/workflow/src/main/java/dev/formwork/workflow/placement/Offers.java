package dev.formwork.workflow.placement;

import dev.formwork.model.price.PriceTable;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What can be had, as an engine knows it.
///
/// @param providers names of those that are set up; empty where that is not known
/// @param prices what their machines cost, where an operator has said
public record Offers(Optional<SortedSet<String>> providers, Optional<PriceTable> prices) {
    public static final Offers UNKNOWN = new Offers(Optional.empty(), Optional.empty());

    public Offers {
        providers = providers.map(names -> Collections.unmodifiableSortedSet(new TreeSet<>(names)));
    }
}
