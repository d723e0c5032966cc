package dev.formwork.server.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Seats;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

class SeatPolicyTest {
    private final Map<String, Seats.Engine> engines = new TreeMap<>();
    private final Map<Shard, Seats.Seat> seats = new TreeMap<>();
    private final Set<Shard> tied = new HashSet<>();

    SeatPolicyTest() {
        Shard.all().forEach(shard -> seats.put(shard, free()));
    }

    private static Seats.Seat free() {
        return new Seats.Seat(Optional.empty(), Optional.empty());
    }

    private static MachineId machine(String engine) {
        return new MachineId("m-" + engine);
    }

    private static Shard own(String engine) {
        return Shard.ofEngine(machine(engine));
    }

    /// An engine that takes part, and has the seat of its own machine.
    private void engine(String name, boolean living) {
        engines.put(
                name,
                new Seats.Engine(
                        name,
                        "process of " + name,
                        Optional.of(
                                EngineAddress.onLoopback(URI.create("http://127.0.0.1/" + name))),
                        Optional.of(machine(name)),
                        living));
        seats.put(own(name), owned(name));
    }

    private static Seats.Seat owned(String engine) {
        return new Seats.Seat(Optional.of(engine), Optional.empty());
    }

    private void give(String engine, int count) {
        List<Shard> free =
                seats.entrySet().stream()
                        .filter(each -> each.getValue().owner().isEmpty())
                        .map(Map.Entry::getKey)
                        .filter(shard -> !shard.isEngine())
                        .toList();
        free.stream().limit(count).forEach(shard -> seats.put(shard, owned(engine)));
    }

    private SeatPolicy.Wish wish(String engine, Shard... needed) {
        return new SeatPolicy(own(engine), new Random(1))
                .wish(new Seats.View(engine, engines, seats), Set.of(needed), () -> tied);
    }

    private long count(String engine) {
        return seats.entrySet().stream()
                .filter(each -> !each.getKey().isEngine())
                .filter(each -> each.getValue().owner().equals(Optional.of(engine)))
                .count();
    }

    @Test
    void wantsItsOwnMachineFirst() {
        engine("a", true);
        seats.put(own("a"), free());
        assertThat(wish("a").take()).containsExactly(own("a"));

        engine("b", true);
        seats.put(own("a"), owned("b"));
        assertThat(wish("a").take()).isEmpty();
        assertThat(wish("a").ask()).containsExactly(own("a"));
    }

    @Test
    void aloneItTakesAll() {
        engine("a", true);
        assertThat(wish("a").take()).containsExactlyInAnyOrderElementsOf(Shard.all());
    }

    @Test
    void takesItsShareOfWhatIsFree() {
        engine("a", true);
        engine("b", true);
        engine("c", true);
        give("b", 22);
        assertThat(wish("a").take()).hasSize(22);
    }

    @Test
    void takesWhatADeadEngineHadAndItsAgent() {
        engine("a", true);
        engine("b", false);
        give("a", 32);
        give("b", 32);
        assertThat(wish("a").take()).hasSize(33).contains(own("b"));
    }

    @Test
    void leavesTheOwnMachineOfALivingEngine() {
        engine("a", true);
        engine("b", true);
        seats.put(own("b"), free());
        assertThat(wish("a").take()).doesNotContain(own("b"));
    }

    @Test
    void asksTheOneThatHasMost() {
        engine("a", true);
        engine("b", true);
        engine("c", true);
        give("b", 44);
        give("c", 20);
        Set<Shard> asked = wish("a").ask();
        assertThat(asked).hasSize(21);
        assertThat(asked).allMatch(shard -> owned("b").equals(seats.get(shard)));
    }

    @Test
    void asksForNothingThatARunTiesTogether() {
        engine("a", true);
        engine("b", true);
        give("b", 64);
        tied.addAll(Shard.all());
        assertThat(wish("a").ask()).isEmpty();
        tied.remove(Shard.FIRST);
        assertThat(wish("a").ask()).containsExactly(Shard.FIRST);
        assertThat(wish("a", Shard.MUTEXES).ask()).as("what is needed").contains(Shard.MUTEXES);
    }

    @Test
    void asksNobodyWhoHasNoMoreThanItsShare() {
        engine("a", true);
        engine("b", true);
        engine("c", true);
        give("a", 21);
        give("b", 22);
        give("c", 21);
        assertThat(wish("a").ask()).isEmpty();
        assertThat(wish("a").take()).isEmpty();
    }

    @Test
    void comesToSharesThatStay() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            engine(name, true);
            for (int look = 0; look < 10; look++) {
                for (String each : List.copyOf(engines.keySet())) {
                    SeatPolicy.Wish wish = wish(each);
                    wish.take().forEach(shard -> seats.put(shard, owned(each)));
                    wish.ask().forEach(shard -> seats.put(shard, owned(each)));
                }
            }
        }
        List<Long> counts = new ArrayList<>();
        engines.keySet().forEach(name -> counts.add(count(name)));
        assertThat(counts).allMatch(count -> count == 12 || count == 13);
        assertThat(engines.keySet()).allSatisfy(name -> assertThat(wish(name).ask()).isEmpty());
    }

    @Test
    void asksNotAgainForWhatIsOnItsWay() {
        engine("a", true);
        engine("b", true);
        engine("c", true);
        give("a", 64);
        ask("b", wish("b").ask());
        assertThat(wish("b").ask()).as("its share, and one that is too many").hasSize(1);
        ask("b", wish("b").ask());
        assertThat(wish("b").ask()).isEmpty();
        ask("c", wish("c").ask());
        assertThat(wish("a").release()).as("no more than makes it even").hasSizeBetween(42, 43);
        assertThat(wish("b").ask()).isEmpty();
        assertThat(wish("c").ask()).isEmpty();
    }

    /// Engines look when they come to it, and give up what they are asked for later than that.
    @Test
    void movesHardlyMoreThanItMustHoweverSlowEnginesAre() {
        Random random = new Random(7);
        int moved = 0;
        for (String name : List.of("a", "b", "c")) {
            engine(name, true);
            for (int look = 0; look < 200; look++) {
                List<String> names = List.copyOf(engines.keySet());
                String each = names.get(random.nextInt(names.size()));
                SeatPolicy.Wish wish = wish(each);
                ask(each, wish.ask());
                if (random.nextBoolean()) {
                    wish.release()
                            .forEach(shard ->
                                    seats.computeIfPresent(
                                            shard,
                                            (_, seat) ->
                                                    new Seats.Seat(
                                                            Optional.empty(), seat.askedBy())));
                }
                moved += wish.take().size();
                wish.take().forEach(shard -> seats.put(shard, owned(each)));
            }
        }
        assertThat(engines.keySet()).allMatch(name -> count(name) >= 21 && count(name) <= 22);
        assertThat(moved).as("64 + 32 + 21 at least").isLessThan(64 + 32 + 21 + 12);
    }

    private void ask(String engine, Set<Shard> shards) {
        shards.forEach(shard ->
                seats.computeIfPresent(
                        shard, (_, seat) -> new Seats.Seat(seat.owner(), Optional.of(engine))));
    }

    @Test
    void releasesWhatOthersAskForButItsOwnMachine() {
        engine("a", true);
        engine("b", true);
        give("a", 64);
        Seats.Seat asked = new Seats.Seat(Optional.of("a"), Optional.of("b"));
        seats.put(Shard.FIRST, asked);
        seats.put(own("a"), asked);
        assertThat(wish("a").release()).containsExactly(Shard.FIRST);
        assertThat(wish("b").release()).isEmpty();
    }

    @Test
    void getsWhatARequestNeeds() {
        engine("a", true);
        engine("b", true);
        give("b", 32);
        give("a", 32);
        Shard theirs =
                seats.keySet().stream()
                        .filter(shard -> !shard.isEngine())
                        .filter(shard -> owned("b").equals(seats.get(shard)))
                        .findFirst()
                        .orElseThrow();
        assertThat(wish("a", theirs).ask()).containsExactly(theirs);
        seats.put(theirs, free());
        assertThat(wish("a", theirs).take())
                .as("all that is free, by name")
                .containsExactlyElementsOf(
                        seats.keySet().stream().filter(theirs::equals).collect(Collectors.toSet()));
    }
}
