package dev.formwork.workflow.placement;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where a plan has machines made.
///
/// @param choices by the name of a machine that is to be made: the place that was chosen, then
///   those that may be tried, in this order, when one is out of quota; none of a machine whose
///   group names one provider, and whose price is unknown
/// @param fromPools by the name of a machine that is to be taken from a pool: how the pool may have
///   one made for it; empty where it may not. Plans of earlier engines say nothing of it
/// @param cost empty where no prices are known
public record Placing(
        SortedMap<String, List<Choice>> choices,
        SortedMap<String, Optional<Making>> fromPools,
        Optional<Cost> cost) {
    public static final Placing NONE =
            new Placing(new TreeMap<>(), new TreeMap<>(), Optional.empty());

    public Placing {
        TreeMap<String, List<Choice>> copy = new TreeMap<>();
        choices.forEach((machine, places) -> copy.put(machine, List.copyOf(places)));
        choices = Collections.unmodifiableSortedMap(copy);
        fromPools = Collections.unmodifiableSortedMap(new TreeMap<>(fromPools));
    }

    /// Whether a machine that is to be made, or may have to be, costs money, as far as is known.
    public boolean costs(String machine) {
        return choices.getOrDefault(machine, List.of()).stream()
                        .flatMap(choice -> choice.perHour().stream())
                        .anyMatch(price -> price.signum() > 0)
                || making(machine)
                        .flatMap(Making::perHour)
                        .filter(price -> price.signum() > 0)
                        .isPresent();
    }

    /// How the pool may have a machine made that is to be taken from it.
    public Optional<Making> making(String machine) {
        return fromPools.getOrDefault(machine, Optional.empty());
    }
}
