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
/// @param cost empty where no prices are known
public record Placing(SortedMap<String, List<Choice>> choices, Optional<Cost> cost) {
    public static final Placing NONE = new Placing(new TreeMap<>(), Optional.empty());

    public Placing {
        TreeMap<String, List<Choice>> copy = new TreeMap<>();
        choices.forEach((machine, places) -> copy.put(machine, List.copyOf(places)));
        choices = Collections.unmodifiableSortedMap(copy);
    }

    /// Whether a machine that is to be made costs money, as far as is known.
    public boolean costs(String machine) {
        return choices.getOrDefault(machine, List.of()).stream()
                .flatMap(choice -> choice.perHour().stream())
                .anyMatch(price -> price.signum() > 0);
    }
}
