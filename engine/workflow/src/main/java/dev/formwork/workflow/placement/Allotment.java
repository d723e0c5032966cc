package dev.formwork.workflow.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// Gives each of a group's new machines one of several places. Places take turns: each time one
/// more machine goes to the place whose turn it is, until no place can have another. A machine that
/// could go elsewhere makes room for one that could not; so every machine has a place where there
/// is a way to give each of them one, and a place that once could have no more never can again.
///
/// Machines that may go to the same places are one and the same to it, in the order of their
/// ordinals: it costs as much as there are machines, places, and sets of places.
final class Allotment {
    /// No place.
    static final int NONE = -1;

    /// @param weight its share, beside those of the others
    /// @param room how many machines more it may have
    /// @param standing how many are there already
    record Place(int weight, int room, int standing) {}

    private final List<Place> places;

    /// Whose turn it is; [#NONE] when nobody can have another.
    private final IntFunction<Integer> turns;

    /// Machines that have no place yet, by the places that they may have, as bits.
    private final SortedMap<Long, Deque<Integer>> waiting = new TreeMap<>();

    /// By place: machines that were given it, by the places that they may have.
    private final List<SortedMap<Long, Deque<Integer>>> given = new ArrayList<>();

    private final int[] had;
    private final boolean[] full;

    private Allotment(List<Place> places, long[] admitted, Optional<List<Integer>> order) {
        this.places = places;
        this.had = new int[places.size()];
        this.full = new boolean[places.size()];
        places.forEach(_ -> given.add(new TreeMap<>()));
        for (int machine = 0; machine < admitted.length; machine++) {
            waiting.computeIfAbsent(admitted[machine], _ -> new ArrayDeque<>()).add(machine);
        }
        this.turns = order.<IntFunction<Integer>>map(it -> _ -> first(it)).orElse(this::neediest);
    }

    /// In shares that follow the weights, over all machines of the group, those that stand as well.
    ///
    /// @param admitted by machine, in the order of ordinals: the places that may have it, as bits
    /// @return by machine its place, or [#NONE]
    static int[] byWeight(List<Place> places, long[] admitted) {
        return new Allotment(places, admitted, Optional.empty()).run(admitted.length);
    }

    /// As many as possible in the first place, then in the next.
    ///
    /// @param order of the places
    static int[] inOrder(List<Place> places, long[] admitted, List<Integer> order) {
        return new Allotment(places, admitted, Optional.of(order)).run(admitted.length);
    }

    private int[] run(int machines) {
        for (int left = machines; left > 0; ) {
            int next = turns.apply(left);
            if (next == NONE) {
                break;
            }
            if (had[next] < places.get(next).room() && gives(next)) {
                had[next]++;
                left--;
            } else {
                full[next] = true;
            }
        }
        int[] result = new int[machines];
        Arrays.fill(result, NONE);
        for (int place = 0; place < places.size(); place++) {
            for (Deque<Integer> alike : given.get(place).values()) {
                for (int machine : alike) {
                    result[machine] = place;
                }
            }
        }
        return result;
    }

    private int first(List<Integer> order) {
        return order.stream().filter(place -> !full[place]).findFirst().orElse(NONE);
    }

    /// The place that has the fewest machines, held against its share of those that the places have
    /// among them which can have more. What remains after whole shares goes to the largest
    /// remainders. In whole numbers: both sides are multiplied by the sum of the weights.
    private int neediest(int left) {
        long machines = left;
        long weights = 0;
        for (int place = 0; place < places.size(); place++) {
            if (!full[place]) {
                machines += has(place);
                weights += places.get(place).weight();
            }
        }
        int neediest = NONE;
        long most = 0;
        for (int place = 0; place < places.size(); place++) {
            if (!full[place]) {
                long lacks = machines * places.get(place).weight() - has(place) * weights;
                if (neediest == NONE || lacks > most) {
                    neediest = place;
                    most = lacks;
                }
            }
        }
        return neediest;
    }

    private long has(int place) {
        return (long) places.get(place).standing() + had[place];
    }

    /// One machine more for a place: one that waits, or else one that another place has and that
    /// this one may have too, for which that place is given another in turn.
    private boolean gives(int place) {
        int[] giver = new int[places.size()];
        long[] kind = new long[places.size()];
        Arrays.fill(giver, NONE);
        Deque<Integer> looked = new ArrayDeque<>(List.of(place));
        giver[place] = place;
        while (!looked.isEmpty()) {
            int taker = looked.remove();
            Optional<Long> alike = longestWaiting(taker);
            if (alike.isPresent()) {
                give(taker, alike.get(), take(waiting, alike.get(), true));
                for (int at = taker; at != place; at = giver[at]) {
                    give(giver[at], kind[at], take(given.get(at), kind[at], false));
                }
                return true;
            }
            for (int other = 0; other < places.size(); other++) {
                if (giver[other] == NONE) {
                    for (long each : given.get(other).keySet()) {
                        if (admits(each, taker) && giver[other] == NONE) {
                            giver[other] = taker;
                            kind[other] = each;
                            looked.add(other);
                        }
                    }
                }
            }
        }
        return false;
    }

    private Optional<Long> longestWaiting(int place) {
        Long found = null;
        int lowest = Integer.MAX_VALUE;
        for (var alike : waiting.entrySet()) {
            if (admits(alike.getKey(), place) && alike.getValue().element() < lowest) {
                found = alike.getKey();
                lowest = alike.getValue().element();
            }
        }
        return Optional.ofNullable(found);
    }

    private static boolean admits(long places, int place) {
        return (places >> place & 1) != 0;
    }

    private void give(int place, long kind, int machine) {
        given.get(place).computeIfAbsent(kind, _ -> new ArrayDeque<>()).add(machine);
    }

    /// Those that go elsewhere are the ones that came last.
    private static int take(SortedMap<Long, Deque<Integer>> from, long kind, boolean first) {
        Deque<Integer> alike = from.getOrDefault(kind, new ArrayDeque<>());
        int machine = first ? alike.removeFirst() : alike.removeLast();
        if (alike.isEmpty()) {
            from.remove(kind);
        }
        return machine;
    }
}
