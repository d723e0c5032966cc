package dev.formwork.server.backup;

import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.security.Caller;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Hands out all that is stored.
@Controller("/api/v1/backup")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BackupController {
    private final Store store;
    private final Clock clock;

    BackupController(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Get(produces = MediaType.APPLICATION_OCTET_STREAM)
    HttpResponse<StreamedFile> backup(HttpRequest<?> request) {
        Instant at = clock.instant();
        Event asked =
                new Event(
                        0,
                        at,
                        "engine.backup",
                        Optional.empty(),
                        "engine",
                        Value.of(Map.of("by", Value.of(Caller.of(request)))));
        EngineLoop.join(store.commit(List.of(new Change.AppendEvent(asked))));
        return HttpResponse.ok(
                        new StreamedFile(
                                BackupStream.of(store, at),
                                MediaType.APPLICATION_OCTET_STREAM_TYPE))
                .header("Cache-Control", "no-store");
    }
}
