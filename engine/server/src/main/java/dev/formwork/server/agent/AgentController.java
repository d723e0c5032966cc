package dev.formwork.server.agent;

import dev.formwork.agent.protocol.FactsUpdate;
import dev.formwork.agent.protocol.LogAck;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;
import dev.formwork.model.JobId;
import dev.formwork.model.Problem;
import dev.formwork.server.api.Answers;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.security.BearerToken;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Outcome;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Secrets;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.SystemFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// The routes of docs/agent-protocol.md. Each turns a message into an input of the core, and the
/// core's reply, which is durable by then, into the answer.
@Controller("/agent/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AgentController {
    private final EngineLoop loop;
    private final PollDesk desk;
    private final CheckDesk checks;
    private final Store store;
    private final ModuleZips modules;
    private final AgentDoor door;
    private final Peers peers;
    private final AgentPackage packages;

    AgentController(
            EngineLoop loop,
            PollDesk desk,
            CheckDesk checks,
            Store store,
            ModuleZips modules,
            AgentDoor door,
            Peers peers,
            AgentPackage packages) {
        this.packages = packages;
        this.checks = checks;
        this.loop = loop;
        this.desk = desk;
        this.store = store;
        this.modules = modules;
        this.door = door;
        this.peers = peers;
    }

    @Post("/register")
    CompletableFuture<HttpResponse<byte[]>> register(HttpRequest<byte[]> request) {
        Register message = AgentJson.read(request.getBody(), Register.class);
        return peers.answerFirst(
                request, AgentCredential.UNKNOWN, () -> registered(request, message));
    }

    private CompletableFuture<HttpResponse<byte[]>> registered(
            HttpRequest<?> request, Register message) {
        return loop.call(
                        new Input.Register(
                                Secrets.hash(message.bootToken()),
                                Secrets.hash(door.requireStrong(message.credential())),
                                message.bootId(),
                                AgentJson.struct(message.facts())),
                        Reply.Registered.class)
                .thenApplyAsync(
                        reply ->
                                json(
                                        new Registered(
                                                reply.machine().value(),
                                                reply.name(),
                                                door.engine().value(),
                                                Math.toIntExact(door.poll().toSeconds()),
                                                door.engineUrls(request))),
                        Thread::startVirtualThread);
    }

    @Post("/poll")
    CompletableFuture<HttpResponse<byte[]>> poll(HttpRequest<byte[]> request) {
        Credential agent = AgentCredential.of(request);
        Poll message = AgentJson.read(request.getBody(), Poll.class);
        return peers.answerAgent(request, agent.machine(), () -> polled(request, agent, message));
    }

    private CompletableFuture<HttpResponse<byte[]>> polled(
            HttpRequest<?> request, Credential agent, Poll message) {
        Duration wait = Duration.ofSeconds(message.waitSeconds());
        List<Input.Running> running =
                message.running().stream()
                        .filter(each -> !CheckDesk.owns(each.job().value()))
                        .map(each -> new Input.Running(new JobId(each.job().value()), each.token()))
                        .toList();
        return desk.poll(
                        agent,
                        message.bootId(),
                        Optional.ofNullable(message.number())
                                .map(it -> new Input.PollNumber(it.process(), it.count())),
                        running,
                        wait.compareTo(door.poll()) < 0 ? wait : door.poll())
                .thenApplyAsync(
                        reply ->
                                json(
                                        AgentJson.polled(
                                                reply,
                                                checks.offers(agent.machine()),
                                                this::logLength,
                                                door.engineUrls(request))),
                        Thread::startVirtualThread);
    }

    @Post("/jobs/{id}/started")
    CompletableFuture<HttpResponse<byte[]>> started(
            HttpRequest<byte[]> request, @PathVariable String id) {
        Credential agent = AgentCredential.of(request);
        Started message = AgentJson.read(request.getBody(), Started.class);
        return peers.answerAgent(request, agent.machine(), () -> begun(agent, id, message));
    }

    private CompletableFuture<HttpResponse<byte[]>> begun(
            Credential agent, String id, Started message) {
        if (CheckDesk.owns(id)) {
            return known(agent, () -> checks.started(agent, id))
                    .thenApply(_ -> Answers.noContent());
        }
        return done(new Input.Started(agent, new JobId(id), message.token(), message.phase()));
    }

    @Post("/jobs/{id}/result")
    CompletableFuture<HttpResponse<byte[]>> result(
            HttpRequest<byte[]> request, @PathVariable String id) {
        Credential agent = AgentCredential.of(request);
        Report message = AgentJson.read(request.getBody(), Report.class);
        return peers.answerAgent(request, agent.machine(), () -> ended(agent, id, message));
    }

    private CompletableFuture<HttpResponse<byte[]>> ended(
            Credential agent, String id, Report message) {
        if (CheckDesk.owns(id)) {
            return known(agent, () -> checks.reported(agent, id, message))
                    .thenApply(_ -> Answers.noContent());
        }
        return done(
                new Input.Reported(
                        agent,
                        new JobId(id),
                        message.token(),
                        message.phase(),
                        Outcome.ofWord(message.outcome().wireName()).orElseThrow(),
                        AgentJson.struct(message.outputs()),
                        Optional.ofNullable(message.exitCode()),
                        Optional.ofNullable(message.code()),
                        Optional.ofNullable(message.detail()),
                        message.bootId()));
    }

    @Put("/jobs/{id}/log")
    @Consumes(MediaType.ALL)
    CompletableFuture<HttpResponse<byte[]>> log(
            HttpRequest<byte[]> request,
            @PathVariable String id,
            @QueryValue long token,
            @QueryValue long offset) {
        Credential agent = AgentCredential.of(request);
        byte[] bytes = request.getBody().orElse(new byte[0]);
        return peers.answerAgent(
                request,
                agent.machine(),
                () -> logged(agent, id, token, offset, ByteBuffer.wrap(bytes)));
    }

    private CompletableFuture<HttpResponse<byte[]>> logged(
            Credential agent, String id, long token, long offset, ByteBuffer bytes) {
        if (CheckDesk.owns(id)) {
            // Nobody reads what a check prints.
            return known(agent, () -> checks.requireOpen(agent, id))
                    .thenApply(_ -> json(new LogAck(offset + bytes.remaining())));
        }
        return loop.submit(new Input.LogReceived(agent, new JobId(id), token, offset, bytes))
                .thenApplyAsync(
                        reply ->
                                reply instanceof Reply.LogGap(long next)
                                        ? gap(next)
                                        : json(
                                                new LogAck(
                                                        EngineLoop.expect(reply, Reply.Logged.class)
                                                                .next())),
                        Thread::startVirtualThread);
    }

    @Post("/facts")
    CompletableFuture<HttpResponse<byte[]>> facts(HttpRequest<byte[]> request) {
        Credential agent = AgentCredential.of(request);
        FactsUpdate message = AgentJson.read(request.getBody(), FactsUpdate.class);
        return peers.answerAgent(
                request,
                agent.machine(),
                () -> done(new Input.FactsReported(agent, AgentJson.struct(message.facts()))));
    }

    @Get("/modules/{digest}")
    CompletableFuture<HttpResponse<byte[]>> module(
            HttpRequest<?> request, @PathVariable String digest) {
        Credential agent = AgentCredential.of(request);
        return peers.answerAgent(
                request,
                agent.machine(),
                () ->
                        loop.call(new Input.Authenticate(agent), Reply.Done.class)
                                .thenApplyAsync(
                                        _ ->
                                                Answers.bytes(
                                                        HttpStatus.OK,
                                                        modules.zip(digest),
                                                        "application/zip"),
                                        Thread::startVirtualThread));
    }

    /// The agent itself, for a machine that has its boot token and nothing else. Whether the token
    /// is good may be another engine's to say; the archive is this one's, and refused where it is
    /// not the one that the machine was told of.
    @Get("/package/{name}")
    CompletableFuture<? extends HttpResponse<?>> agentPackage(
            HttpRequest<?> request,
            @PathVariable String name,
            @QueryValue(defaultValue = "") String sha256) {
        Optional<String> digest = Optional.of(sha256).filter(text -> !text.isEmpty());
        String hash =
                BearerToken.of(request)
                        .map(Secrets::hash)
                        .orElseThrow(AgentCredential::unauthorized);
        CompletableFuture<HttpResponse<byte[]>> known =
                peers.answerFirst(
                        request, AgentCredential.UNKNOWN, () -> done(new Input.Introduced(hash)));
        return Peers.isPassedOn(request)
                ? known
                : known.thenApplyAsync(
                        _ ->
                                HttpResponse.ok(
                                                new SystemFile(
                                                        packages.file(name, digest).toFile()))
                                        .contentType("application/gzip"),
                        Thread::startVirtualThread);
    }

    /// Does something beside the core for an agent that the core knows.
    private CompletableFuture<Void> known(Credential agent, Runnable action) {
        return loop.call(new Input.Authenticate(agent), Reply.Done.class)
                .thenRunAsync(action, Thread::startVirtualThread);
    }

    private CompletableFuture<HttpResponse<byte[]>> done(Input input) {
        return loop.call(input, Reply.Done.class).thenApply(_ -> Answers.noContent());
    }

    /// What never began has said nothing: then there is nothing to look up.
    private long logLength(JobRecord job) {
        return job.startedAt().isPresent() ? store.logLength(job.id()) : 0;
    }

    private static HttpResponse<byte[]> gap(long next) {
        return Answers.problem(
                List.of(
                        Problem.of(
                                "job.log-gap",
                                "bytes before the offset are missing",
                                "send on from `next`")),
                OptionalLong.of(next));
    }

    private static HttpResponse<byte[]> json(Object message) {
        return Answers.bytes(
                HttpStatus.OK, ProtocolJson.write(message), MediaType.APPLICATION_JSON);
    }
}
