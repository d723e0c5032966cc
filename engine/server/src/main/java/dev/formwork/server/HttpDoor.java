package dev.formwork.server;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.server.agent.AgentDoor;
import dev.formwork.server.agent.AgentPackage;
import dev.formwork.server.agent.CheckDesk;
import dev.formwork.server.agent.ModuleZips;
import dev.formwork.server.agent.PollDesk;
import dev.formwork.server.boot.BootDesk;
import dev.formwork.server.boot.ReportDesk;
import dev.formwork.server.health.EngineInfo;
import dev.formwork.server.health.Readiness;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.home.EngineFile;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.machine.MachineParameters;
import dev.formwork.server.metrics.EngineMetrics;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.pool.PoolDesk;
import dev.formwork.server.provider.RemoteHands;
import dev.formwork.server.replay.Replays;
import dev.formwork.server.run.LogReader;
import dev.formwork.server.run.RunReader;
import dev.formwork.server.run.RunVerbs;
import dev.formwork.server.security.ApiToken;
import dev.formwork.server.security.HostNames;
import dev.formwork.server.shard.Peers;
import dev.formwork.server.shard.Whereabouts;
import dev.formwork.server.tls.EngineCa;
import dev.formwork.server.tls.ServerCertificate;
import dev.formwork.server.tls.TlsAddress;
import dev.formwork.server.watch.Bells;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Store;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.server.EmbeddedServer;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The web framework with the engine's parts as its beans: nothing else in the engine knows of it
/// but the controllers and filters.
final class HttpDoor implements AutoCloseable {
    private static final int ANY_PORT = -1;
    private static final long LARGEST_BODY = 96L << 20;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration PORT_PATIENCE = Duration.ofSeconds(2);

    private final ApplicationContext context;
    private final EmbeddedServer server;
    private final Optional<TlsDoor> tls;

    private HttpDoor(ApplicationContext context, EmbeddedServer server, Optional<TlsDoor> tls) {
        this.context = context;
        this.server = server;
        this.tls = tls;
    }

    /// Listens, on the loopback and, where it is asked to, by TLS.
    ///
    /// @param data says where it listened before: taken again for port 0, because agents that live
    ///   on know it
    /// @param certificates the clock of certificates
    /// @throws ProblemException `server.port-in-use`
    static HttpDoor open(
            ServeConfig config,
            DataDirectory data,
            Engine engine,
            Readiness readiness,
            ApiToken token,
            Clock clock,
            Clock certificates) {
        int port = port(config.host(), config.port(), EngineFile.lastPort(data).read());
        ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .environmentPropertySource(false)
                        .banner(false)
                        .properties(
                                Map.of(
                                        "micronaut.server.host",
                                        config.host(),
                                        "micronaut.server.port",
                                        port,
                                        "micronaut.server.max-request-size",
                                        LARGEST_BODY,
                                        "micronaut.server.idle-timeout",
                                        IDLE))
                        .build();
        Optional<ServerCertificate> certificate = Optional.empty();
        try {
            certificate =
                    config.tls().map(tls -> new ServerCertificate(engine.ca(), tls, certificates));
            register(context, config, engine, clock);
            context.registerSingleton(ApiToken.class, token);
            context.registerSingleton(
                    HostNames.class,
                    HostNames.of(config.host())
                            .andByTls(certificate.map(ServerCertificate::names).orElse(List.of())));
            context.registerSingleton(Readiness.class, readiness);
            certificate.ifPresent(known -> TlsDoor.introduce(context, known));
            context.start();
            EmbeddedServer server = started(context, config.host(), port);
            return new HttpDoor(
                    context, server, certificate.map(known -> tls(context, config, data, known)));
        } catch (RuntimeException e) {
            context.close();
            certificate.ifPresent(ServerCertificate::close);
            throw e;
        }
    }

    private static EmbeddedServer started(ApplicationContext context, String host, int port) {
        try {
            return context.getBean(EmbeddedServer.class).start();
        } catch (RuntimeException e) {
            throw isBindFailure(e) ? portInUse(host, port, "--port", e) : e;
        }
    }

    private static TlsDoor tls(
            ApplicationContext context,
            ServeConfig config,
            DataDirectory data,
            ServerCertificate certificate) {
        TlsAddress address = config.tls().orElseThrow();
        int port = port(address.host(), address.port(), EngineFile.lastSecurePort(data).read());
        try {
            return TlsDoor.open(context, address, port, certificate);
        } catch (RuntimeException e) {
            throw isBindFailure(e) ? portInUse(address.host(), port, "--agents", e) : e;
        }
    }

    /// What both doors have in common.
    static void limit(NettyHttpServerConfiguration http) {
        http.setMaxRequestSize(LARGEST_BODY);
        http.setIdleTimeout(IDLE);
    }

    EngineAddress address() {
        return new EngineAddress(server.getURI(), tls.map(TlsDoor::uri));
    }

    @Override
    public void close() {
        tls.ifPresent(TlsDoor::close);
        context.getBean(RemoteHands.class).close();
        context.close();
    }

    private static void register(
            ApplicationContext context, ServeConfig config, Engine engine, Clock clock) {
        context.registerSingleton(Store.class, engine.store());
        context.registerSingleton(Clock.class, clock);
        context.registerSingleton(Bells.class, engine.bells());
        context.registerSingleton(EngineLoop.class, engine.loop());
        context.registerSingleton(EngineMetrics.class, engine.metrics());
        context.registerSingleton(PackStore.class, engine.packs());
        context.registerSingleton(PlanService.class, engine.planService());
        context.registerSingleton(CompiledPlans.class, engine.plans());
        context.registerSingleton(PollDesk.class, engine.desk());
        context.registerSingleton(CheckDesk.class, engine.checks());
        context.registerSingleton(
                AgentDoor.class, new AgentDoor(engine.id(), config.poll(), engine.whereabouts()));
        context.registerSingleton(AgentPackage.class, engine.agentPackage());
        context.registerSingleton(ModuleZips.class, new ModuleZips(engine.packs()::files));
        context.registerSingleton(RunReader.class, new RunReader(engine.store(), engine.plans()));
        context.registerSingleton(Replays.class, engine.replays());
        context.registerSingleton(RemoteHands.class, new RemoteHands(engine::providers));
        context.registerSingleton(
                MachineParameters.class,
                new MachineParameters(
                        engine.store(), engine.plans(), engine.packs(), engine.loop()));
        context.registerSingleton(
                RunVerbs.class,
                new RunVerbs(engine.loop(), engine.store(), engine.plans(), engine.shards()));
        context.registerSingleton(
                PoolDesk.class,
                new PoolDesk(
                        engine.store(),
                        engine.loop(),
                        engine.shards(),
                        engine.planService(),
                        clock));
        context.registerSingleton(BootDesk.class, engine.bootDesk());
        context.registerSingleton(ReportDesk.class, new ReportDesk(engine.store(), clock));
        context.registerSingleton(Peers.class, engine.peers());
        context.registerSingleton(EngineCa.class, engine.ca());
        context.registerSingleton(Whereabouts.class, engine.whereabouts());
        context.registerSingleton(
                LogReader.class, new LogReader(engine.store(), engine.bells().logs()));
        context.registerSingleton(
                EngineInfo.class,
                new EngineInfo(
                        engine.id(),
                        config.version(),
                        clock.instant(),
                        config.engineAgent(),
                        engine::agentPid,
                        engine::capabilities));
    }

    private static int port(String host, int wanted, OptionalInt lastPort) {
        if (wanted != 0) {
            return wanted;
        }
        return lastPort.isPresent() && becomesFree(host, lastPort.getAsInt())
                ? lastPort.getAsInt()
                : ANY_PORT;
    }

    /// Waits a moment for a port that agents know: an engine that has just ended, or a connection
    /// of somebody else, may have it for a little longer.
    private static boolean becomesFree(String host, int port) {
        long end = System.nanoTime() + PORT_PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!isFree(host, port)) {
                if (System.nanoTime() > end || never.await(50, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isBindFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException portInUse(
            String host, int port, String option, Throwable cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "server.port-in-use",
                                "something else listens on %s port %d".formatted(host, port),
                                "is an engine running already? otherwise name another with "
                                        + option)),
                cause);
    }
}
