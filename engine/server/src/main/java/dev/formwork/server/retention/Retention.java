package dev.formwork.server.retention;

import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Forgets what the policy no longer keeps, a few records at a time: each is a commit like any
/// other, and what the engine has to store goes in between. Not thread-safe.
final class Retention {
    /// How many runs, or plans, one commit forgets. A run is only marked: the store deletes what is
    /// below it when it has nothing better to do.
    private static final int FEW = 50;

    private static final int EVENTS = 1_000;

    /// To look through all that needs files takes a while.
    private static final Duration BETWEEN_LOOKS_AT_FILES = Duration.ofDays(1);

    private final Store store;
    private final UnusedPlans plans;
    private final RetentionPolicy policy;
    private final EventHorizon horizon;
    private final UnusedFiles files;
    private Instant looksAtFiles = Instant.MIN;

    /// Forgets plans that nobody applied, while nobody can approve or start one.
    @FunctionalInterface
    interface UnusedPlans {
        /// @return how many were forgotten
        int forget(Instant before, int limit);
    }

    /// Forgets files that nobody wants and nothing needs.
    @FunctionalInterface
    interface UnusedFiles {
        /// @return how many trees were forgotten
        int forget(Instant before, int limit);
    }

    /// How many were forgotten.
    record Forgotten(int runs, int plans, long events, int files) {
        boolean isNothing() {
            return runs + plans + events + files == 0;
        }
    }

    Retention(Store store, UnusedPlans plans, UnusedFiles files, RetentionPolicy policy) {
        this.store = store;
        this.plans = plans;
        this.files = files;
        this.policy = policy;
        this.horizon = new EventHorizon(store);
    }

    /// @param goOn asked before each commit
    Forgotten pass(Instant now, BooleanSupplier goOn) {
        Instant before = now.minus(policy.keepFor());
        return new Forgotten(
                runs(before, now, goOn),
                plans(before, goOn),
                events(before, goOn),
                files(before, now, goOn));
    }

    /// After plans: these need files.
    private int files(Instant before, Instant now, BooleanSupplier goOn) {
        if (now.isBefore(looksAtFiles)) {
            return 0;
        }
        int forgotten = 0;
        while (goOn.getAsBoolean()) {
            int some = files.forget(before, FEW);
            forgotten += some;
            if (some < FEW) {
                looksAtFiles = now.plus(BETWEEN_LOOKS_AT_FILES);
                break;
            }
        }
        return forgotten;
    }

    private int runs(Instant before, Instant now, BooleanSupplier goOn) {
        int forgotten = 0;
        while (goOn.getAsBoolean()) {
            List<RunRecord> old = store.oldRuns(policy.keepRuns(), before, FEW);
            if (old.isEmpty()) {
                break;
            }
            List<Change> changes = new ArrayList<>();
            for (RunRecord run : old) {
                changes.add(new Change.DropRun(run.id()));
                changes.add(new Change.AppendEvent(forgotten(run, now)));
            }
            EngineLoop.join(store.commit(changes));
            forgotten += old.size();
        }
        return forgotten;
    }

    private static Event forgotten(RunRecord run, Instant now) {
        return new Event(
                0,
                now,
                "run.forgotten",
                Optional.of(run.id()),
                run.cluster(),
                Value.of(Map.of("by", Value.of("retention"))));
    }

    private int plans(Instant before, BooleanSupplier goOn) {
        int forgotten = 0;
        while (goOn.getAsBoolean()) {
            int now = plans.forget(before, FEW);
            if (now == 0) {
                break;
            }
            forgotten += now;
        }
        return forgotten;
    }

    private long events(Instant before, BooleanSupplier goOn) {
        long forgotten = 0;
        while (goOn.getAsBoolean()) {
            List<Event> page = store.events(horizon.forgotten(), EVENTS);
            long old =
                    // The newest of all stays in any case.
                    page.stream()
                            .limit(page.size() < EVENTS ? Math.max(0, page.size() - 1) : EVENTS)
                            .takeWhile(event -> event.at().isBefore(before))
                            .count();
            if (old == 0) {
                break;
            }
            EngineLoop.join(store.commit(EventHorizon.forget(page.get((int) old - 1).id())));
            forgotten += old;
        }
        return forgotten;
    }
}
