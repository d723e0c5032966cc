package dev.formwork.server.shard;

import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Seats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What an engine does about seats when it looks at them: it wants the one of its own machine, then
/// its share of those that nobody has, and asks for its share where others have more than theirs.
/// Nobody is told what to do by another, and whoever has a seat decides when to give it up.
record SeatPolicy(Shard own, Random random) {
    /// @param take those to be taken
    /// @param ask those to be asked for
    /// @param release those that others ask for
    record Wish(Set<Shard> take, Set<Shard> ask, Set<Shard> release) {}

    /// @param needed what a request that waits here needs
    /// @param tied those that a run ties together: nobody asks for them to have its share, since
    ///   whoever gets one gets all, and the next one would ask for them in turn
    Wish wish(Seats.View view, Set<Shard> needed, Supplier<Set<Shard>> tied) {
        Wish wish = new Wish(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        Map<String, Integer> counts = new HashMap<>();
        TreeSet<Shard> free = new TreeSet<>();
        view.seats()
                .forEach((shard, seat) -> {
                    Optional<String> owner = livingOwner(view, seat).map(Seats.Engine::name);
                    if (!shard.isEngine()) {
                        // What is asked for counts as with whoever asks, since it is on its way.
                        seat.askedBy()
                                .or(() -> owner)
                                .ifPresent(name -> counts.merge(name, 1, Integer::sum));
                    }
                    Optional<String> asker = seat.askedBy().filter(by -> !by.equals(view.self()));
                    if (owner.isEmpty() && asker.isEmpty()) {
                        free.add(shard);
                    }
                    if (owner.isEmpty() && seat.askedBy().equals(Optional.of(view.self()))) {
                        wish.take.add(shard);
                    }
                    if (owner.equals(Optional.of(view.self()))
                            && asker.isPresent()
                            && !shard.equals(own)) {
                        wish.release.add(shard);
                    }
                });
        if (!isOurs(view, own)) {
            (free.contains(own) ? wish.take : wish.ask).add(own);
            return wish;
        }
        for (Shard shard : needed) {
            if (!isOurs(view, shard)) {
                (free.contains(shard) ? wish.take : wish.ask).add(shard);
            }
        }
        // That of an engine that died: its agent may be at work for a run.
        free.stream()
                .filter(shard -> shard.isEngine() && !isOfLiving(view, shard))
                .forEach(wish.take::add);
        int living =
                (int)
                        Math.max(
                                1,
                                view.engines().values().stream()
                                        .filter(Seats.Engine::living)
                                        .count());
        int least = Shard.COUNT / living;
        int most = Math.ceilDiv(Shard.COUNT, living);
        int ours = counts.getOrDefault(view.self(), 0);
        free.removeIf(Shard::isEngine);
        boolean nothingFree = free.isEmpty();
        free.removeAll(wish.take);
        shuffled(free).stream().limit(Math.max(0, most - ours)).forEach(wish.take::add);
        if (nothingFree) {
            askTheRichest(view, counts, least, most, tied, wish);
        }
        return wish;
    }

    /// Of the one that has most: what we are short of our share, or one where that one has more
    /// than anybody has when shares are even; so that shares come to be even and stay.
    private void askTheRichest(
            Seats.View view,
            Map<String, Integer> counts,
            int least,
            int most,
            Supplier<Set<Shard>> tied,
            Wish wish) {
        int ours = counts.getOrDefault(view.self(), 0);
        if (ours >= most || counts.values().stream().noneMatch(count -> count - ours > 1)) {
            return;
        }
        Set<Shard> bound = tied.get();
        Map<String, TreeSet<Shard>> movable = new TreeMap<>();
        view.seats()
                .forEach((shard, seat) -> {
                    if (!shard.isEngine() && seat.askedBy().isEmpty() && !bound.contains(shard)) {
                        livingOwner(view, seat)
                                .ifPresent(owner ->
                                        movable.computeIfAbsent(owner.name(), _ -> new TreeSet<>())
                                                .add(shard));
                    }
                });
        counts.entrySet().stream()
                .filter(each -> movable.containsKey(each.getKey()))
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                .ifPresent(richest -> {
                    int wanted =
                            ours < least
                                    ? Math.min(least - ours, richest.getValue() - least)
                                    : Math.min(1, richest.getValue() - most);
                    shuffled(Objects.requireNonNull(movable.get(richest.getKey()))).stream()
                            .limit(Math.max(0, wanted))
                            .forEach(wish.ask::add);
                });
    }

    private List<Shard> shuffled(Collection<Shard> shards) {
        List<Shard> list = new ArrayList<>(shards);
        Collections.shuffle(list, random);
        return list;
    }

    private static boolean isOfLiving(Seats.View view, Shard shard) {
        return view.engines().values().stream()
                .filter(Seats.Engine::living)
                .flatMap(engine -> engine.ownMachine().stream())
                .anyMatch(machine -> Shard.ofEngine(machine).equals(shard));
    }

    private static boolean isOurs(Seats.View view, Shard shard) {
        Seats.Seat seat = view.seats().get(shard);
        return seat != null && seat.owner().equals(Optional.of(view.self()));
    }

    /// The engine that has a seat, if it lives.
    static Optional<Seats.Engine> livingOwner(Seats.View view, Seats.Seat seat) {
        return seat.owner()
                .flatMap(name -> Optional.ofNullable(view.engines().get(name)))
                .filter(Seats.Engine::living);
    }
}
