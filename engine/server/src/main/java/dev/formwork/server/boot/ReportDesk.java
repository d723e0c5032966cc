package dev.formwork.server.boot;

import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes what boot servers see: what is news becomes an event, and what is so now can be asked for.
/// Thread-safe.
public final class ReportDesk {
    private final Store store;
    private final Clock clock;
    private final BootReports reports = new BootReports();

    public ReportDesk(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    void take(BootReport report) {
        Instant now = clock.instant();
        if (reports.take(report, now)) {
            EngineLoop.join(store.commit(List.of(new Change.AppendEvent(event(report, now)))));
        }
    }

    List<BootReports.Sighting> all() {
        return reports.all(clock.instant());
    }

    private static Event event(BootReport report, Instant now) {
        return new Event(
                0,
                now,
                report.ends() ? "boot.over" : "boot.seen",
                Optional.empty(),
                report.subject(),
                Value.of(
                        Map.of(
                                "code", Value.of(report.code()),
                                "detail", Value.of(report.detail()),
                                "server", Value.of(report.server()))));
    }
}
