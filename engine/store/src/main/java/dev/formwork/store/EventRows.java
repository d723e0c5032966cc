package dev.formwork.store;

import dev.formwork.model.RunId;
import dev.formwork.store.json.Records;
import dev.formwork.workflow.store.Event;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

import java.util.List;
import java.util.Optional;

/// The outbox.
final class EventRows {
    static final Table EVENTS =
            new Table(
                    "events",
                    List.of("event_id"),
                    List.of("happened_at", "type", "run_id", "subject", "data"));

    /// The newest stays, whatever is asked for.
    static final String DROP =
            "delete from events where event_id <= ?"
                    + " and event_id < (select max(event_id) from events)";

    static final String LAST = "select coalesce(max(event_id), 0) from events";

    private EventRows() {}

    static Write append(Event event, Records records) {
        return new Write.AppendEvent(
                Columns.row(
                        Columns.time(event.at()),
                        event.type(),
                        Columns.maybe(event.run()),
                        event.subject(),
                        records.writeData(event.data())));
    }

    /// The newest id, 0 where there is none.
    static long last(Handle handle) {
        return handle.createQuery(LAST).mapTo(long.class).one();
    }

    /// @param run whose; empty for all. Looked for among all events: an index would cost each write
    ///   more than it saves the few who read
    /// @param upTo the newest id that is on the disk: what is newer may yet be lost, and its id
    ///   given to another event
    static List<Event> read(
            Handle handle, Records records, Optional<RunId> run, long after, long upTo, int limit) {
        Query query =
                handle.createQuery(
                        """
                        select * from events where event_id > :after and event_id <= :upto%s
                        order by event_id fetch first :limit rows only\
                        """
                                .formatted(run.isPresent() ? " and run_id = :run" : ""));
        run.ifPresent(id -> query.bind("run", id.value()));
        return query.bind("after", after)
                .bind("upto", upTo)
                .bind("limit", limit)
                .map((row, _) ->
                        new Event(
                                row.getLong("event_id"),
                                Columns.time(row, "happened_at"),
                                row.getString("type"),
                                Columns.maybe(row, "run_id", RunId::new),
                                row.getString("subject"),
                                records.data(row.getString("data"))))
                .list();
    }
}
