package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.store.Change;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// What every store does with files that may be forgotten.
abstract class StoreFilesContract extends StoreRecordsContract {
    private static final Instant LATER = Samples.NOW.plus(Duration.ofDays(90));

    private static FileTree tree(String... contents) {
        Map<String, byte[]> files = new java.util.TreeMap<>();
        for (String content : contents) {
            files.put("f" + files.size(), content.getBytes(StandardCharsets.UTF_8));
        }
        return new FileTree(files);
    }

    private static Change put(String digest, String... contents) {
        return new Change.PutFiles(digest, tree(contents), Samples.NOW);
    }

    @Test
    void tellsWhichFilesNobodyWantsAndNothingNeeds() throws Exception {
        StepResult result = Samples.result("demo", Samples.KEY);
        commit(
                put("one", "1"),
                put(Samples.LOCK.digest(), "module"),
                put("sha256:0", "profile"),
                put("two", "2"),
                new Change.PutFiles("new", tree("3"), LATER));
        restart();
        assertThat(store.unusedFiles(LATER, 10))
                .containsExactlyInAnyOrder("one", Samples.LOCK.digest(), "sha256:0", "two");
        assertThat(store.unusedFiles(LATER, 2)).hasSize(2);
        assertThat(store.unusedFiles(Samples.NOW, 10)).isEmpty();

        commit(new Change.PutPlan("p", Samples.plan(3), Samples.NOW));
        assertThat(store.unusedFiles(LATER, 10)).containsExactlyInAnyOrder("one", "two");
        commit(new Change.DropPlan("p"), new Change.KeepReplaced(Samples.RUN, result, Samples.NOW));
        assertThat(store.unusedFiles(LATER, 10))
                .containsExactlyInAnyOrder("one", "two", "sha256:0");
        commit(new Change.DropRun(Samples.RUN), new Change.PutResult(result));
        assertThat(store.unusedFiles(LATER, 10))
                .containsExactlyInAnyOrder("one", "two", "sha256:0");

        commit(new Change.TouchFiles(Set.of("one", "unknown"), LATER));
        commit(put("new", "3"));
        assertThat(store.unusedFiles(LATER, 10)).contains("two", "new").doesNotContain("one");
        assertThat(store.hasFiles("unknown")).isFalse();
    }

    @Test
    void forgetsFilesAndLeavesOthersTheContentsThatTheyShare() throws Exception {
        commit(put("one", "shared", "own", "twice", "twice"), put("two", "shared", ""));
        commit(new Change.DropFiles("one", Samples.NOW));
        assertThat(store.hasFiles("one")).as("wanted since").isTrue();

        commit(new Change.DropFiles("one", LATER));
        for (int round = 0; round < 2; round++) {
            assertThat(store.hasFiles("one")).isFalse();
            assertThat(store.files("one")).isEmpty();
            assertThat(files("two")).isEqualTo(tree("shared", "").digest());
            restart();
        }
        commit(put("one", "own", "shared"), new Change.DropFiles("two", LATER));
        assertThat(files("one")).isEqualTo(tree("own", "shared").digest());
        assertThat(store.hasFiles("two")).isFalse();
    }
}
