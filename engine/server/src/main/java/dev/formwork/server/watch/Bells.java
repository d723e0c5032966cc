package dev.formwork.server.watch;

import dev.formwork.workflow.store.Change;

import java.util.List;

/// The bells of one engine.
public final class Bells {
    private final Bell events = new Bell();
    private final Bell logs = new Bell();

    /// Rings when events were stored.
    public Bell events() {
        return events;
    }

    /// Rings when a job's log grew, or when a node or a job changed, which may end it.
    public Bell logs() {
        return logs;
    }

    void ringFor(List<Change> stored) {
        boolean event = false;
        boolean log = false;
        for (Change change : stored) {
            event |= change instanceof Change.AppendEvent;
            log |= change instanceof Change.AppendLog || change instanceof Change.PutJob;
        }
        if (event) {
            events.ring();
        }
        if (log) {
            logs.ring();
        }
    }
}
