package dev.formwork.server.retention;

import dev.formwork.model.ProblemException;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import java.util.List;

/// Up to which event the record of them was forgotten: who has not read those can't go on from
/// where they were. Thread-safe.
public final class EventHorizon {
    private static final String FORGOTTEN = "events-forgotten";

    private final Store store;

    public EventHorizon(Store store) {
        this.store = store;
    }

    /// The newest event that was forgotten; 0 where none was.
    public long forgotten() {
        return store.setting(FORGOTTEN).map(Long::parseLong).orElse(0L);
    }

    /// @param after the last event that was read; 0 for nothing yet, and then what is kept will do
    /// @throws ProblemException `event.pruned` where events after this id are gone
    public void require(long after) {
        long forgotten = forgotten();
        if (after > 0 && after < forgotten) {
            throw ProblemException.of(
                    "event.pruned",
                    "events up to %d are no longer kept, and %d was asked for"
                            .formatted(forgotten, after + 1),
                    "read the present state, and watch from now on: without `after`");
        }
    }

    /// Forgets events, and that they were.
    static List<Change> forget(long upTo) {
        return List.of(
                new Change.DropEvents(upTo), new Change.PutSetting(FORGOTTEN, Long.toString(upTo)));
    }
}
