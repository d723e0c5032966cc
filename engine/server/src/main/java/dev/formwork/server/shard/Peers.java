package dev.formwork.server.shard;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/// Has each request answered by the engine that has what it is about: here, or by another one, to
/// which it is passed on. While a shard is on its way from one engine to another, requests about it
/// wait a little. Thread-safe.
public final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /// Marks a request that another engine has passed on: it is not passed on again. Says how it
    /// came to that one: `http` or `https`.
    static final String PASSED_ON = "Formwork-Passed-On";

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Whereabouts whereabouts;
    private final boolean areShared;
    private final Function<MachineId, Optional<Machine>> records;
    private final Forwarding forwarding;
    private final Map<MachineId, Shard> machines = new ConcurrentHashMap<>();

    /// @param trust the CA under which the other engines prove who they are; asked for once, when
    ///   one of them is first called by TLS
    public Peers(Whereabouts whereabouts, Store store, Supplier<SSLContext> trust) {
        this(whereabouts, store.seats().areShared(), store::machine, trust);
    }

    /// @param areShared whether there may be other engines
    /// @param records of machines
    Peers(
            Whereabouts whereabouts,
            boolean areShared,
            Function<MachineId, Optional<Machine>> records,
            Supplier<SSLContext> trust) {
        this.whereabouts = whereabouts;
        this.areShared = areShared;
        this.records = records;
        this.forwarding = new Forwarding(trust);
    }

    /// What is asked of the engine itself.
    public interface Answering extends Supplier<CompletableFuture<HttpResponse<byte[]>>> {}

    /// About a shard, for somebody who can wait on a thread of their own.
    ///
    /// @throws ProblemException what `here` throws; `engine.unreachable`
    public HttpResponse<byte[]> answer(
            HttpRequest<?> request, Shard shard, Supplier<HttpResponse<byte[]>> here) {
        return answer(request, Optional.of(shard), here);
    }

    /// @param shard empty where it is not known, and so for this engine to answer
    public HttpResponse<byte[]> answer(
            HttpRequest<?> request, Optional<Shard> shard, Supplier<HttpResponse<byte[]>> here) {
        if (shard.isEmpty() || !areShared) {
            return here.get();
        }
        return found(request, shard.get(), here);
    }

    /// About the machine of the agent that calls.
    public CompletableFuture<HttpResponse<byte[]>> answerAgent(
            HttpRequest<?> request, MachineId machine, Answering here) {
        if (!areShared) {
            return here.get();
        }
        Optional<Shard> shard = shardOf(machine);
        if (shard.isEmpty()) {
            return here.get();
        }
        if (whereabouts.of(shard.get()) instanceof Whereabouts.Place.Here) {
            return here.get()
                    .exceptionallyComposeAsync(
                            failure -> again(request, machine, shard.get(), here, failure),
                            Thread::startVirtualThread);
        }
        return CompletableFuture.supplyAsync(
                () -> foundForAgent(request, machine, here), Thread::startVirtualThread);
    }

    /// Its machine may have gone to another engine in that moment.
    private CompletableFuture<HttpResponse<byte[]>> again(
            HttpRequest<?> request,
            MachineId machine,
            Shard before,
            Answering here,
            Throwable failure) {
        machines.remove(machine);
        boolean moved =
                shardOf(machine).filter(before::equals).isEmpty()
                        || !(whereabouts.of(before) instanceof Whereabouts.Place.Here);
        return moved
                ? CompletableFuture.completedFuture(foundForAgent(request, machine, here))
                : CompletableFuture.failedFuture(failure);
    }

    private HttpResponse<byte[]> foundForAgent(
            HttpRequest<?> request, MachineId machine, Answering here) {
        machines.remove(machine);
        Shard shard = shardOf(machine).orElse(Shard.POOL);
        return found(request, shard, () -> EngineLoop.join(here.get()));
    }

    private Optional<Shard> shardOf(MachineId machine) {
        Shard known = machines.get(machine);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Shard> read = records.apply(machine).map(Shard::of);
        read.ifPresent(shard -> machines.put(machine, shard));
        return read;
    }

    /// Asks this engine, and where it refuses, those to which the request was not passed on. Where
    /// one of them says nothing, or a shard is nobody's at that moment, nobody knows that the
    /// refusal is right: then it fails with `engine.unreachable`.
    ///
    /// @param unknown the code with which an engine refuses what it does not know, though another
    ///   one may
    public CompletableFuture<HttpResponse<byte[]>> answerFirst(
            HttpRequest<?> request, String unknown, Answering here) {
        if (!areShared) {
            return here.get();
        }
        Set<Shard> before = whereabouts.here();
        return here.get()
                .exceptionallyComposeAsync(
                        failure -> askOthers(request, unknown, before, failure),
                        Thread::startVirtualThread);
    }

    private CompletableFuture<HttpResponse<byte[]>> askOthers(
            HttpRequest<?> request, String unknown, Set<Shard> before, Throwable failure) {
        boolean allRefuse = true;
        if (!isPassedOn(request)) {
            for (EngineAddress engine : whereabouts.engines().stream().skip(1).toList()) {
                Forwarding.Outcome outcome = send(engine, request);
                if (outcome instanceof Forwarding.Outcome.Answered(HttpResponse<byte[]> answer)) {
                    if (answer.code() < 400) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    allRefuse &= answer.code() < 500;
                } else {
                    allRefuse = false;
                }
            }
        }
        boolean isCertain =
                allRefuse && whereabouts.isWhole() && before.containsAll(whereabouts.here());
        return CompletableFuture.failedFuture(
                isCertain || !isRefusedWith(unknown, failure)
                        ? failure
                        : ProblemException.of(
                                "engine.unreachable",
                                "this engine does not know whose this is, and not all others could"
                                        + " be asked",
                                "ask again in a few seconds; `/health` of the engines says more"));
    }

    private static boolean isRefusedWith(String code, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof ProblemException refused && refused.code().equals(code);
    }

    private HttpResponse<byte[]> found(
            HttpRequest<?> request, Shard shard, Supplier<HttpResponse<byte[]>> here) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            switch (whereabouts.of(shard)) {
                case Whereabouts.Place.Here() -> {
                    try {
                        return here.get();
                    } catch (ProblemException e) {
                        if (whereabouts.of(shard) instanceof Whereabouts.Place.Here) {
                            throw e;
                        }
                    }
                }
                case Whereabouts.Place.Elsewhere(EngineAddress engine) -> {
                    if (isPassedOn(request)) {
                        return elsewhere(shard);
                    }
                    switch (send(engine, request)) {
                        case Forwarding.Outcome.Answered(HttpResponse<byte[]> answer) -> {
                            if (answer.code() != HttpStatus.MISDIRECTED_REQUEST.getCode()) {
                                return answer;
                            }
                        }
                        case Forwarding.Outcome.NotReached() ->
                                LOG.debug("{} is not reached", engine.forOthers());
                        case Forwarding.Outcome.Lost(String why) -> throw lost(engine, why);
                    }
                }
                case Whereabouts.Place.Nowhere() -> {
                    if (isPassedOn(request)) {
                        return elsewhere(shard);
                    }
                }
            }
            if (System.nanoTime() > end) {
                throw ProblemException.of(
                        "engine.unreachable",
                        "no engine answers for this at the moment (shard " + shard + ")",
                        "ask again in a few seconds; `/health` of the engines says more");
            }
            awaitNews();
        }
    }

    private Forwarding.Outcome send(EngineAddress engine, HttpRequest<?> request) {
        return forwarding.send(
                engine.forOthers(), request, () -> whereabouts.engines().contains(engine));
    }

    private void awaitNews() {
        try {
            whereabouts.awaitNews(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of("server.stopping", "the engine is stopping", null);
        }
    }

    private static ProblemException lost(EngineAddress engine, String why) {
        return ProblemException.of(
                "engine.lost",
                "the engine at "
                        + engine.forOthers()
                        + " took the request and did not answer: "
                        + why,
                "look whether it was done, and ask again where it was not");
    }

    private static HttpResponse<byte[]> elsewhere(Shard shard) {
        return Answers.problem(
                Problem.of(
                        "engine.elsewhere",
                        "this engine does not have shard " + shard,
                        "ask another engine"));
    }

    /// Whether whoever made the request called an engine by TLS, this one or another.
    public static boolean cameByTls(HttpRequest<?> request) {
        return request.getHeaders()
                .findFirst(PASSED_ON)
                .map("https"::equals)
                .orElseGet(request::isSecure);
    }

    public static boolean isPassedOn(HttpRequest<?> request) {
        return request.getHeaders().contains(PASSED_ON);
    }
}
