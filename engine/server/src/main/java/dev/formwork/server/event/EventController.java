package dev.formwork.server.event;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.server.retention.EventHorizon;
import dev.formwork.server.watch.Bells;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.reactivestreams.Publisher;

import java.time.Duration;
import java.util.Optional;

/// Streams events.
@Controller("/api/v1/events")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventController {
    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final Store store;
    private final Bells bells;
    private final EventHorizon horizon;

    EventController(Store store, Bells bells) {
        this.store = store;
        this.bells = bells;
        this.horizon = new EventHorizon(store);
    }

    @Get(produces = "text/event-stream")
    HttpResponse<Publisher<byte[]>> watch(
            @Header("Last-Event-ID") Optional<String> lastEventId,
            @QueryValue Optional<String> after,
            @QueryValue Optional<String> run) {
        Optional<Long> resumed = lastEventId.or(() -> after).map(EventController::number);
        resumed.ifPresent(horizon::require);
        long from = resumed.orElseGet(store::lastEvent);
        Publisher<byte[]> feed =
                new EventFeed(store, horizon, bells.events(), from, run.map(RunId::new), PAUSE);
        return HttpResponse.ok(feed)
                .contentType("text/event-stream")
                .header("Cache-Control", "no-store");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw ProblemException.of(
                    "request.malformed", "not an event's id", "send the last id that was received");
        }
    }
}
