package dev.formwork.server.event;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.store.Event;

import java.time.Instant;
import java.util.Optional;

/// `Event` of the API.
record EventView(
        long id, Instant at, String type, Optional<String> run, String subject, Value.Struct data) {
    static EventView of(Event event) {
        return new EventView(
                event.id(),
                event.at(),
                event.type(),
                event.run().map(RunId::value),
                event.subject(),
                event.data());
    }
}
