package dev.formwork.store;

import dev.formwork.workflow.shard.Shard;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Shards that one engine must have together, and which of them it may take.
///
/// @param self the engine that takes
/// @param ties each some shards that go together; those that share one go together as well
record Ties(String self, Collection<SortedSet<Shard>> ties) {
    /// Those of `wanted` that are free, with all to which they are tied: together, or not at all.
    ///
    /// What is left to an engine is that engine's to take. Of shards that are tied to each other
    /// and left to several, the first decides, and those of engines' own machines are first: so
    /// there always is one that takes them.
    ///
    /// @param free what nobody has, and to whom each is left
    /// @param ours those that the engine has already: what is tied to them nobody else can take
    SortedSet<Shard> take(Map<Shard, Optional<String>> free, Set<Shard> ours, Set<Shard> wanted) {
        TreeSet<Shard> taken = new TreeSet<>();
        for (Shard shard : wanted) {
            if (free.containsKey(shard) && !taken.contains(shard)) {
                SortedSet<Shard> whole = whole(shard);
                boolean tiedToOurs = whole.removeAll(ours);
                if (free.keySet().containsAll(whole) && (tiedToOurs || isLeftToUs(free, whole))) {
                    taken.addAll(whole);
                }
            }
        }
        return taken;
    }

    private boolean isLeftToUs(Map<Shard, Optional<String>> free, SortedSet<Shard> whole) {
        return whole.stream()
                .flatMap(shard -> free.getOrDefault(shard, Optional.empty()).stream())
                .findFirst()
                .filter(engine -> !engine.equals(self))
                .isEmpty();
    }

    private SortedSet<Shard> whole(Shard shard) {
        TreeSet<Shard> whole = new TreeSet<>(Set.of(shard));
        boolean more = true;
        while (more) {
            more = false;
            for (SortedSet<Shard> tie : ties) {
                if (!Collections.disjoint(tie, whole)) {
                    more |= whole.addAll(tie);
                }
            }
        }
        return whole;
    }
}
