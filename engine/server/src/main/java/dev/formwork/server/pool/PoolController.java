package dev.formwork.server.pool;

import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.shard.Shard;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/// Pools: all that is about them is answered by the engine that has them.
@Controller("/api/v1/pools")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PoolController {
    private final PoolDesk desk;
    private final Peers peers;

    PoolController(PoolDesk desk, Peers peers) {
        this.desk = desk;
        this.peers = peers;
    }

    @Get
    HttpResponse<byte[]> list(HttpRequest<?> request) {
        return peers.answer(request, Shard.POOL, () -> Answers.items(desk.all()));
    }

    @Get("/{pool}")
    HttpResponse<byte[]> show(HttpRequest<?> request, @PathVariable String pool) {
        return peers.answer(request, Shard.POOL, () -> Answers.ok(desk.view(pool)));
    }

    @Post
    HttpResponse<byte[]> apply(HttpRequest<byte[]> request) {
        ApplyBody wanted = ApiJson.read(request.getBody(), ApplyBody.class);
        Pool pool = Pool.of(wanted.yaml(), new TreeSet<>());
        return told(request, pool.name(), () -> desk.apply(pool, Caller.of(request)));
    }

    @Post("/{pool}/drop")
    HttpResponse<byte[]> drop(HttpRequest<byte[]> request, @PathVariable String pool) {
        return peers.answer(
                request,
                Shard.POOL,
                () -> {
                    PoolView last = desk.view(pool);
                    desk.drop(pool, Caller.of(request));
                    return Answers.ok(last);
                });
    }

    @Post("/{pool}/reserve")
    HttpResponse<byte[]> reserve(HttpRequest<byte[]> request, @PathVariable String pool) {
        ReserveBody wanted = ApiJson.read(request.getBody(), ReserveBody.class);
        Optional<Instant> until = wanted.until().map(PoolController::time);
        return told(
                request,
                pool,
                () ->
                        desk.tell(
                                new Input.Reserve(
                                        pool,
                                        wanted.count(),
                                        wanted.cluster(),
                                        until,
                                        Caller.of(request))));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ProblemException.of(
                    "request.malformed",
                    "until is not a time",
                    "RFC 3339, such as 2030-01-01T12:00:00Z");
        }
    }

    @Post("/{pool}/unreserve")
    HttpResponse<byte[]> unreserve(HttpRequest<byte[]> request, @PathVariable String pool) {
        UnreserveBody wanted = ApiJson.read(request.getBody(), UnreserveBody.class);
        return told(
                request,
                pool,
                () -> desk.tell(new Input.Unreserve(pool, wanted.cluster(), Caller.of(request))));
    }

    @Post("/{pool}/machines/{machine}/clean")
    HttpResponse<byte[]> clean(
            HttpRequest<byte[]> request, @PathVariable String pool, @PathVariable String machine) {
        return told(request, pool, machine, Input.CleanMachine::new);
    }

    @Post("/{pool}/machines/{machine}/free")
    HttpResponse<byte[]> free(
            HttpRequest<byte[]> request, @PathVariable String pool, @PathVariable String machine) {
        return told(request, pool, machine, Input.FreeMachine::new);
    }

    @Post("/{pool}/machines/{machine}/delete")
    HttpResponse<byte[]> delete(
            HttpRequest<byte[]> request, @PathVariable String pool, @PathVariable String machine) {
        return told(request, pool, machine, Input.DeleteMachine::new);
    }

    /// Made of a pool, a machine and who asks.
    private interface OfMachine {
        Input.OfPool input(String pool, String machine, String by);
    }

    private HttpResponse<byte[]> told(
            HttpRequest<?> request, String pool, String machine, OfMachine wanted) {
        return told(
                request,
                pool,
                () -> desk.tell(machine, name -> wanted.input(pool, name, Caller.of(request))));
    }

    /// Does it, and shows the pool as it is then.
    private HttpResponse<byte[]> told(HttpRequest<?> request, String pool, Runnable tell) {
        return peers.answer(
                request,
                Shard.POOL,
                () -> {
                    tell.run();
                    return Answers.ok(desk.view(pool));
                });
    }

    record ApplyBody(String yaml) {
        ApplyBody {
            Objects.requireNonNull(yaml, "yaml");
        }
    }

    record ReserveBody(int count, String cluster, Optional<String> until) {
        ReserveBody {
            Objects.requireNonNull(cluster, "cluster");
            if (count < 1) {
                throw new IllegalArgumentException("count is at least 1");
            }
        }
    }

    record UnreserveBody(String cluster) {
        UnreserveBody {
            Objects.requireNonNull(cluster, "cluster");
        }
    }
}
