package dev.formwork.workflow.placement;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which place each machine gets, held against slower ways to say the same.
class AllotmentTest {
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private static Allotment.Place place(int weight) {
        return new Allotment.Place(weight, UNBOUNDED, 0);
    }

    private static long[] anywhere(int machines, int places) {
        long[] admitted = new long[machines];
        Arrays.fill(admitted, (1L << places) - 1);
        return admitted;
    }

    @Test
    void followsTheWeightsInTheOrderOfOrdinals() {
        assertThat(Allotment.byWeight(List.of(place(2), place(1)), anywhere(6, 2)))
                .containsExactly(0, 0, 0, 1, 0, 1);
        assertThat(Allotment.byWeight(List.of(place(1), place(1), place(1)), anywhere(2, 3)))
                .containsExactly(0, 1);
    }

    @Test
    void countsWhatStands() {
        List<Allotment.Place> places =
                List.of(new Allotment.Place(1, UNBOUNDED, 4), new Allotment.Place(1, UNBOUNDED, 0));
        assertThat(Allotment.byWeight(places, anywhere(3, 2))).containsExactly(1, 1, 1);
    }

    @Test
    void givesTheShareOfAFullPlaceToTheOthers() {
        List<Allotment.Place> places = List.of(new Allotment.Place(1, 1, 0), place(1), place(2));
        assertThat(counts(Allotment.byWeight(places, anywhere(10, 3)), 3)).containsExactly(1, 3, 6);
    }

    @Test
    void makesRoomForAMachineThatCanGoNowhereElse() {
        List<Allotment.Place> places = List.of(new Allotment.Place(1, 1, 0), place(1));
        assertThat(Allotment.inOrder(places, new long[] {0b11, 0b01}, List.of(0, 1)))
                .containsExactly(1, 0);
        List<Allotment.Place> three =
                List.of(
                        new Allotment.Place(1, 1, 0),
                        new Allotment.Place(1, 1, 0),
                        new Allotment.Place(1, 1, 0));
        assertThat(Allotment.byWeight(three, new long[] {0b011, 0b110, 0b010}))
                .containsExactly(0, 2, 1);
    }

    @Test
    void leavesThoseOutForWhichThereIsNoPlace() {
        List<Allotment.Place> places = List.of(new Allotment.Place(1, 2, 0));
        assertThat(Allotment.byWeight(places, new long[] {1, 1, 1}))
                .containsExactly(0, 0, Allotment.NONE);
        assertThat(Allotment.byWeight(places, new long[] {0})).containsExactly(Allotment.NONE);
    }

    @Test
    void isQuickForManyMachines() {
        int[] given =
                Allotment.byWeight(
                        List.of(place(3), place(2), new Allotment.Place(1, 1000, 0)),
                        anywhere(200_000, 3));
        assertThat(counts(given, 3)).containsExactly(119_400, 79_600, 1000);
    }

    /// @param admitted by machine
    record Case(List<Allotment.Place> places, List<Long> admitted) {
        long[] masks() {
            return admitted.stream().mapToLong(Long::longValue).toArray();
        }
    }

    @Property
    void isTheLargestRemainderWhereNothingElseBindsIt(@ForAll("weights") List<Integer> weights) {
        for (int machines = 0; machines < 40; machines++) {
            int[] given =
                    Allotment.byWeight(
                            weights.stream().map(AllotmentTest::place).toList(),
                            anywhere(machines, weights.size()));
            assertThat(counts(given, weights.size()))
                    .as("%s machines", machines)
                    .isEqualTo(largestRemainders(weights, machines));
        }
    }

    @Property
    void holdsEveryConstraintAndPlacesAsManyAsCanBe(@ForAll("cases") Case some) {
        for (int[] given :
                List.of(
                        Allotment.byWeight(some.places(), some.masks()),
                        Allotment.inOrder(some.places(), some.masks(), order(some)))) {
            int[] counts = counts(given, some.places().size());
            for (int place = 0; place < counts.length; place++) {
                assertThat(counts[place]).isLessThanOrEqualTo(some.places().get(place).room());
            }
            int placed = 0;
            for (int machine = 0; machine < given.length; machine++) {
                if (given[machine] != Allotment.NONE) {
                    assertThat(some.admitted().get(machine) >> given[machine] & 1).isEqualTo(1);
                    placed++;
                }
            }
            assertThat(placed).isEqualTo(mostPlaced(some));
        }
    }

    @Property
    void isAsCheapAsCanBe(@ForAll("cases") Case some) {
        int[] given = Allotment.inOrder(some.places(), some.masks(), order(some));
        assertThat(price(given)).isEqualTo(leastPrice(some));
    }

    @Property
    void growsLikeAGroupThatWasMadeAtOnce(@ForAll("weights") List<Integer> weights) {
        int[] standing = new int[weights.size()];
        for (int machines = 1; machines < 30; machines++) {
            List<Allotment.Place> places = new ArrayList<>();
            for (int place = 0; place < standing.length; place++) {
                places.add(new Allotment.Place(weights.get(place), UNBOUNDED, standing[place]));
            }
            standing[Allotment.byWeight(places, anywhere(1, standing.length))[0]]++;
            int total = weights.stream().mapToInt(Integer::intValue).sum();
            for (int place = 0; place < standing.length; place++) {
                double share = (double) machines * weights.get(place) / total;
                assertThat(standing[place])
                        .as("machines of place %s, of %s", place, machines)
                        .isBetween((int) Math.floor(share) - 1, (int) Math.ceil(share) + 1);
            }
        }
    }

    @Provide
    Arbitrary<List<Integer>> weights() {
        return Arbitraries.integers().between(1, 9).list().ofMinSize(1).ofMaxSize(5);
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Allotment.Place> place =
                Combinators.combine(
                                Arbitraries.integers().between(1, 4),
                                Arbitraries.integers().between(0, 3),
                                Arbitraries.integers().between(0, 2))
                        .as(Allotment.Place::new);
        return Combinators.combine(
                        place.list().ofMinSize(1).ofMaxSize(4),
                        Arbitraries.longs().between(0, 15).list().ofMaxSize(6))
                .as((places, masks) ->
                        new Case(
                                places,
                                masks.stream()
                                        .map(mask -> mask & ((1L << places.size()) - 1))
                                        .toList()));
    }

    private static List<Integer> order(Case some) {
        return IntStream.range(0, some.places().size()).boxed().toList();
    }

    private static int[] counts(int[] given, int places) {
        int[] counts = new int[places];
        for (int place : given) {
            if (place != Allotment.NONE) {
                counts[place]++;
            }
        }
        return counts;
    }

    private static int[] largestRemainders(List<Integer> weights, int machines) {
        int total = weights.stream().mapToInt(Integer::intValue).sum();
        int[] counts = new int[weights.size()];
        int left = machines;
        for (int place = 0; place < counts.length; place++) {
            counts[place] = machines * weights.get(place) / total;
            left -= counts[place];
        }
        List<Integer> byRemainder =
                new ArrayList<>(IntStream.range(0, counts.length).boxed().toList());
        byRemainder.sort(
                Comparator.comparing(
                        place -> machines * weights.get(place) % total,
                        Collections.reverseOrder()));
        for (int i = 0; i < left; i++) {
            counts[byRemainder.get(i)]++;
        }
        return counts;
    }

    /// The number of the place stands for its price; who has no place costs more than all others.
    private static int price(int[] given) {
        return Arrays.stream(given).map(place -> place == Allotment.NONE ? 1000 : place).sum();
    }

    private static int mostPlaced(Case some) {
        return some.admitted().size() - leastPrice(some) / 1000;
    }

    /// Tries everything.
    private static int leastPrice(Case some) {
        return leastPrice(
                some, 0, some.places().stream().mapToInt(Allotment.Place::room).toArray());
    }

    private static int leastPrice(Case some, int machine, int[] room) {
        if (machine == some.admitted().size()) {
            return 0;
        }
        int least = 1000 + leastPrice(some, machine + 1, room);
        for (int place = 0; place < room.length; place++) {
            if ((some.admitted().get(machine) >> place & 1) != 0 && room[place] > 0) {
                room[place]--;
                least = Math.min(least, place + leastPrice(some, machine + 1, room));
                room[place]++;
            }
        }
        return least;
    }
}
