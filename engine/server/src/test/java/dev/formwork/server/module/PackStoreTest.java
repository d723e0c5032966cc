package dev.formwork.server.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// Which packs stay, and which do not.
class PackStoreTest {
    private static final Duration KEPT = Duration.ofDays(90);
    private static final String PACK = "{kind: Pack, name: %s, version: 1.0.0}";
    private static final String TASK = "{kind: Task, name: %s, version: 1.0.0, run: echo %s}";

    @TempDir Path builtIn;

    private final InMemoryStore store = new InMemoryStore();
    private final SettableClock clock = new SettableClock();
    private PackStore packs = PackStore.open(store, List.of(), clock);

    @BeforeEach
    void open() throws IOException {
        Files.writeString(builtIn.resolve("pack.yaml"), PACK.formatted("standard"));
        Files.writeString(
                Files.createDirectory(builtIn.resolve("greet")).resolve("module.yaml"),
                TASK.formatted("greet", "hi"));
        packs = PackStore.open(store, List.of(builtIn), clock);
    }

    private String upload(String name, String word) {
        return packs.upload(
                        new FileTree(
                                Map.of(
                                        "pack.yaml",
                                        PACK.formatted(name).getBytes(StandardCharsets.UTF_8),
                                        "say/module.yaml",
                                        TASK.formatted("say", word)
                                                .getBytes(StandardCharsets.UTF_8))))
                .digest();
    }

    private int forget() {
        return packs.forgetUnused(clock.instant().minus(KEPT), 50);
    }

    @Test
    void forgetsPacksThatNobodyHasWantedForLongAndKeepsTheOthers() {
        String old = upload("mine", "old");
        String wanted = upload("mine", "wanted");
        assertThat(forget()).isZero();
        clock.pass(KEPT);
        packs.library(List.of(wanted));
        clock.pass(Duration.ofDays(1));
        String fresh = upload("mine", "fresh");

        assertThat(forget()).as("the pack and its module").isEqualTo(2);

        assertThat(packs.all())
                .extracting(StoredPack::digest)
                .contains(wanted, fresh)
                .doesNotContain(old)
                .hasSize(3);
        assertUnknown(old);
        assertThat(packs.library(List.of(wanted, fresh)).catalog().modules())
                .containsKeys("say", "greet");
        assertThat(forget()).isZero();
        assertThat(upload("mine", "old")).isEqualTo(old);
        assertThat(packs.library(List.of(old)).catalog().modules()).containsKey("say");
    }

    @Test
    void keepsThePacksThatEveryPlanUsesHoweverLongTheEngineRuns() {
        clock.pass(KEPT.multipliedBy(3));
        assertThat(forget()).isZero();
        assertThat(packs.all()).hasSize(1);
        assertThat(packs.files(packs.all().getFirst().digest()).files()).isNotEmpty();
    }

    @Test
    void whatAnotherEngineHasForgottenIsNotTakenFromMemory() {
        String digest = upload("mine", "old");
        PackStore other = PackStore.open(store, List.of(builtIn), clock);
        other.library(List.of(digest));
        clock.pass(KEPT.plus(Duration.ofDays(1)));
        assertThat(forget()).isEqualTo(2);
        assertThatThrownBy(() -> other.library(List.of(digest)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("pack.unknown"));
    }

    private void assertUnknown(String digest) {
        assertThatThrownBy(() -> packs.library(List.of(digest)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("pack.unknown"));
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-11-27T12:00:00Z");

        private void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
