package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.store.disk.LossyDisk;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// One experiment: a store that is written to until the power goes, and what is found afterwards.
final class PowerLoss {
    static final SecretSealer SEALER = new SecretSealer(new byte[32]);
    private static final RunId RUN = new RunId("R1");
    private static final JobId JOB = new JobId("J1");
    private static final int NODES = 40;

    private final Path directory;
    private final UnaryOperator<H2Database> settings;
    private final LossyDisk migrated;

    /// @param directory for locks
    /// @param settings what is done to H2's usual ones
    PowerLoss(Path directory, UnaryOperator<H2Database> settings) {
        this.directory = directory;
        this.settings = settings;
        this.migrated = new LossyDisk("migrated");
        open(migrated, database -> database).close();
    }

    /// @param acknowledged the last transition that was
    /// @param problem what is wrong with what was found; empty if nothing
    record Outcome(int acknowledged, int found, Optional<String> problem) {}

    Outcome run(long seed, LossyDisk.Survival survival) {
        Random random = new Random(seed);
        LossyDisk disk = migrated.afterPowerLoss("disk-" + seed, survival, random);
        LossyDisk afterwards = null;
        try {
            AtomicInteger acknowledged = new AtomicInteger();
            write(disk, random, acknowledged);
            afterwards = disk.afterPowerLoss("found-" + seed, survival, random);
            return check(afterwards, acknowledged.get());
        } finally {
            disk.discard();
            if (afterwards != null) {
                afterwards.discard();
            }
        }
    }

    private Store open(LossyDisk disk) {
        // Old data is overwritten and moved as soon as it may be.
        return open(
                disk,
                database ->
                        settings.apply(
                                new H2Database(
                                        database.url()
                                                .replaceAll(
                                                        "RETENTION_TIME=[0-9]+",
                                                        "RETENTION_TIME=0"),
                                        true,
                                        false,
                                        0)));
    }

    private Store open(LossyDisk disk, UnaryOperator<H2Database> with) {
        return H2Store.open(
                directory,
                with.apply(H2Database.at(disk.path("formwork"))),
                SEALER,
                Clock.systemUTC());
    }

    private void write(LossyDisk disk, Random random, AtomicInteger acknowledged) {
        try (Store store = open(disk)) {
            disk.dieAfter(1 + random.nextInt(random.nextInt(4) == 0 ? 1_000 : 120));
            List<CompletableFuture<?>> futures = new ArrayList<>();
            for (int i = 1; i <= 20_000 && !disk.dead(); i++) {
                int number = i;
                futures.add(
                        store.commit(transition(number)).thenRun(() -> acknowledged.set(number)));
                if (random.nextInt(4) == 0) {
                    futures.removeLast().exceptionally(_ -> null).join();
                }
            }
            for (CompletableFuture<?> future : futures) {
                CompletableFuture<Object> ended = future.handle((_, _) -> null);
                ended.join();
            }
        }
    }

    /// The n-th: it leaves its number at several places, which must agree.
    static List<Change> transition(int number) {
        return List.of(
                new Change.PutSetting("n", "" + number),
                new Change.PutNode(node(number)),
                new Change.AppendLog(
                        JOB,
                        8L * (number - 1),
                        ByteBuffer.wrap("%08d".formatted(number).getBytes(StandardCharsets.UTF_8))),
                new Change.AppendEvent(
                        new Event(
                                0,
                                Samples.NOW,
                                "test",
                                Optional.of(RUN),
                                "" + number,
                                Value.Struct.EMPTY)));
    }

    private static NodeRecord node(int number) {
        NodeRecord blank = NodeRecord.blocked(RUN, NodeKey.of("step", "demo-" + number % NODES));
        return new NodeRecord(
                RUN,
                blank.key(),
                blank.state(),
                number,
                1,
                0,
                number,
                Optional.empty(),
                "transition " + number + " ".repeat(number % 300),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Samples.NOW),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Outcome check(LossyDisk disk, int acknowledged) {
        try (Store store = open(disk)) {
            int found = store.setting("n").map(Integer::parseInt).orElse(0);
            Optional<String> wrong =
                    found < acknowledged
                            ? Optional.of("lost: " + found + " of " + acknowledged)
                            : halves(store, found);
            if (wrong.isEmpty()) {
                // And it goes on.
                store.commit(transition(found + 1)).join();
                wrong = halves(store, found + 1);
            }
            return new Outcome(acknowledged, found, wrong);
        } catch (RuntimeException e) {
            return new Outcome(acknowledged, -1, Optional.of(e.toString()));
        }
    }

    static Optional<String> halves(Store store, int number) {
        List<Event> events = store.events(0, Integer.MAX_VALUE);
        if (events.size() != number
                || (number > 0 && !events.getLast().subject().equals("" + number))) {
            return Optional.of(events.size() + " events after transition " + number);
        }
        String log = new String(store.log(JOB, 0, Integer.MAX_VALUE), StandardCharsets.UTF_8);
        if (log.length() != 8 * number || store.logLength(JOB) != log.length()) {
            return Optional.of(log.length() + " bytes of log after transition " + number);
        }
        List<NodeRecord> nodes = store.nodes(RUN);
        if (nodes.size() != Math.min(number, NODES)) {
            return Optional.of(nodes.size() + " nodes after transition " + number);
        }
        for (NodeRecord node : nodes) {
            if (node.attempt() > number
                    || node.attempt() <= number - NODES
                    || !node.equals(node(node.attempt()))) {
                return Optional.of("node " + node + " after transition " + number);
            }
        }
        return Optional.empty();
    }
}
