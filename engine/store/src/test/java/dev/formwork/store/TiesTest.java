package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.shard.Shard;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

class TiesTest {
    private final TreeMap<Shard, Optional<String>> free = new TreeMap<>();

    private void free(String shard, String leftTo) {
        free.put(new Shard(shard), Optional.of(leftTo).filter(name -> !name.isEmpty()));
    }

    private static SortedSet<Shard> shards(String... names) {
        return Arrays.stream(names).map(Shard::new).collect(Collectors.toCollection(TreeSet::new));
    }

    private SortedSet<Shard> take(Ties ties, String... wanted) {
        return ties.take(free, Set.of(), shards(wanted));
    }

    @Test
    void takesWhatIsWantedAndFree() {
        free("s-1", "");
        free("s-2", "");

        assertThat(take(new Ties("us", List.of()), "s-2", "s-3")).isEqualTo(shards("s-2"));
    }

    @Test
    void takesWhatIsTiedThroughOthersToo() {
        free("s-1", "");
        free("s-2", "");
        free("s-3", "");
        free("s-4", "");
        Ties ties =
                new Ties("us", List.of(shards("s-2", "s-3"), shards("s-1", "s-2"), shards("s-4")));

        assertThat(take(ties, "s-3")).isEqualTo(shards("s-1", "s-2", "s-3"));
    }

    @Test
    void takesNothingOfWhatIsNotFreeAsAWhole() {
        free("s-1", "");
        free("s-2", "");
        Ties ties = new Ties("us", List.of(shards("s-1", "s-2"), shards("s-2", "s-3")));

        assertThat(take(ties, "s-1")).isEmpty();
        assertThat(ties.take(free, shards("s-3"), shards("s-1")))
                .as("the rest is ours")
                .isEqualTo(shards("s-1", "s-2"));
    }

    @Test
    void leavesToAnotherWhatIsLeftToItWithAllThatIsTiedToIt() {
        free("s-1", "");
        free("s-2", "them");
        List<SortedSet<Shard>> tie = List.of(shards("s-1", "s-2"));

        assertThat(take(new Ties("us", tie), "s-1")).isEmpty();
        assertThat(take(new Ties("them", tie), "s-1")).isEqualTo(shards("s-1", "s-2"));
    }

    @Test
    void ofSeveralThatAskedForTiedShardsExactlyOneTakesThem() {
        free("s-1", "");
        free("s-2", "a");
        free("s-3", "b");
        List<SortedSet<Shard>> tie = List.of(shards("s-1", "s-2", "s-3"));

        assertThat(take(new Ties("a", tie), "s-1")).hasSize(3);
        assertThat(take(new Ties("b", tie), "s-3")).isEmpty();
        assertThat(take(new Ties("c", tie), "s-1")).isEmpty();
    }

    @Test
    void whoseOwnMachineIsTiedToWhatOthersAskedForComesFirst() {
        free("engine-m", "a");
        free("s-1", "b");
        List<SortedSet<Shard>> tie = List.of(shards("engine-m", "s-1"));

        assertThat(take(new Ties("a", tie), "engine-m")).hasSize(2);
        assertThat(take(new Ties("b", tie), "s-1")).isEmpty();
    }
}
