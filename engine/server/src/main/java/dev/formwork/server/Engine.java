package dev.formwork.server;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Capability;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.server.agent.CheckDesk;
import dev.formwork.server.agent.PollDesk;
import dev.formwork.server.failpoint.Failpoint;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.metrics.EngineMetrics;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.ownagent.OwnAgent;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.plan.PlanningTools;
import dev.formwork.server.provider.ProviderDrift;
import dev.formwork.server.provider.ProviderWorker;
import dev.formwork.server.provider.Providers;
import dev.formwork.server.replay.Replays;
import dev.formwork.server.retention.RetentionWorker;
import dev.formwork.server.watch.Bells;
import dev.formwork.server.watch.WatchedStore;
import dev.formwork.store.H2Store;
import dev.formwork.store.PostgresStore;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Replay;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// The running parts, made in the order in which they need each other and closed in the other.
final class Engine implements AutoCloseable {
    /// How long a plan waits for the answers of its checks.
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(45);

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String ENGINE_ID = "engine.id";

    private final ServeConfig config;
    private final DataDirectory data;
    private final Clock clock;
    private final Bells bells = new Bells();
    private final Failpoint failpoint = Failpoint.ofEnvironment();
    private final EngineMetrics metrics = new EngineMetrics();
    private final AtomicReference<Optional<Providers>> providers =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<OwnAgent>> ownAgent =
            new AtomicReference<>(Optional.empty());
    private final WatchedStore store;
    private final EngineId id;
    private final PackStore packs;
    private final CompiledPlans plans;
    private final EngineLoop loop;
    private final PollDesk desk;
    private final CheckDesk checks;
    private final ProviderWorker worker;
    private final PlanService planService;
    private final RetentionWorker retention;
    private final Replays replays;

    private Engine(
            ServeConfig config,
            DataDirectory data,
            Clock clock,
            SecretSealer sealer,
            Store opened,
            CoreLoader cores) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.store = new WatchedStore(opened, bells, failpoint);
        this.id = engineId(store);
        this.packs = PackStore.open(store, config.packs(), clock);
        Schemas schemas = new Schemas();
        this.plans = new CompiledPlans(store, packs, schemas);
        Fingerprinter fingerprinter = new Fingerprinter(sealer::mac);
        EngineParts parts =
                new EngineParts(
                        plans,
                        fingerprinter,
                        new DeclaredOutputs(schemas),
                        new Identities(sealer::mac),
                        config.settings());
        this.replays = new Replays(new Replay(store, parts));
        AtomicReference<EffectRouter> router = new AtomicReference<>();
        this.loop =
                new EngineLoop(
                        cores.load(store, parts, clock.instant()),
                        store,
                        effect -> {
                            failpoint.cross(Failpoint.Place.BEFORE_EFFECT);
                            router.get().perform(effect);
                            failpoint.cross(Failpoint.Place.AFTER_EFFECT);
                        },
                        clock,
                        metrics,
                        EngineLoop.Limits.STANDARD);
        this.checks = new CheckDesk(store, this::wake, CHECK_PATIENCE);
        this.desk = new PollDesk(loop, checks::waitsFor);
        this.worker = new ProviderWorker(this::providers, this::tellCore);
        router.set(
                new EffectRouter(
                        desk, worker, () -> ownAgent.get().ifPresent(OwnAgent::restart), metrics));
        this.planService =
                new PlanService(
                        store,
                        loop,
                        packs,
                        plans,
                        PlanningTools.of(
                                new Planner(fingerprinter, schemas),
                                sealer::mac,
                                checks,
                                new ProviderDrift(store, loop, worker)::observe),
                        clock);
        this.retention = new RetentionWorker(store, planService, packs, config.retention(), clock);
        metrics.gauge("formwork.queue", "Inputs that wait for the core.", loop::backlog);
        metrics.gauge("formwork.polls.held", "Agents that wait for a job.", desk::size);
    }

    /// Opens the store and loads what is in it; nothing runs yet. Where another engine has the
    /// store's database, waits until that is gone.
    static Engine open(ServeConfig config, DataDirectory data, Clock clock, CoreLoader cores) {
        SecretSealer sealer = SecretSealer.fromFile(data.file("engine.key"));
        Store store =
                config.database()
                        .map(database -> PostgresStore.open(database, sealer, Engine::standBy))
                        .orElseGet(() -> H2Store.open(data.directory("store"), sealer, clock));
        try {
            return new Engine(config, data, clock, sealer, store, cores);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static void standBy(String holder, Instant since) {
        LOG.info("standing by: {} has the store since {}", holder, since);
    }

    /// Starts everything that acts, now that agents can find the engine.
    ///
    /// @param url where agents find it
    void start(URI url) {
        providers.set(
                Optional.of(
                        Providers.open(
                                config.providers(),
                                (name, settings) -> context(name, settings, url))));
        loop.start();
        retention.start();
        if (config.engineAgent()) {
            OwnAgent agent = new OwnAgent(data, config.agent(), url, store, loop);
            ownAgent.set(Optional.of(agent));
            agent.start();
        }
    }

    private void wake(MachineId machine) {
        desk.wake(machine);
    }

    CheckDesk checks() {
        return checks;
    }

    /// Answers every poll that is held, so that none holds up the stop.
    void sendAgentsHome() {
        desk.close();
    }

    @Override
    public void close() {
        desk.close();
        ownAgent.get().ifPresent(OwnAgent::close);
        retention.close();
        loop.close();
        worker.close();
        providers.get().ifPresent(Providers::close);
        store.close();
    }

    Store store() {
        return store;
    }

    EngineId id() {
        return id;
    }

    Bells bells() {
        return bells;
    }

    EngineMetrics metrics() {
        return metrics;
    }

    PackStore packs() {
        return packs;
    }

    CompiledPlans plans() {
        return plans;
    }

    PlanService planService() {
        return planService;
    }

    /// What keeps it from taking work, if anything does.
    Optional<Problem> problem() {
        return store.problem().or(loop::problem);
    }

    Replays replays() {
        return replays;
    }

    EngineLoop loop() {
        return loop;
    }

    PollDesk desk() {
        return desk;
    }

    Optional<Long> agentPid() {
        return ownAgent.get().flatMap(OwnAgent::pid);
    }

    SortedMap<String, SortedSet<String>> capabilities() {
        TreeMap<String, SortedSet<String>> capabilities = new TreeMap<>();
        for (Provider provider : providers().all()) {
            capabilities.put(
                    provider.name(),
                    provider.capabilities().kinds().stream()
                            .map(Class<? extends Capability>::getSimpleName)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return capabilities;
    }

    /// What came of a provider's work. Where the engine cannot take it, the next one asks again.
    private void tellCore(Input input) {
        CompletableFuture<Reply> _ =
                loop.submit(input)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                LOG.warn("not taken: {}", input, failure);
                            }
                        });
    }

    private Providers providers() {
        return providers.get().orElseGet(() -> Providers.of(List.of()));
    }

    private ProviderContext context(String name, Value.Struct settings, URI url) {
        return new ProviderContext(
                name,
                id,
                data.directory("providers").resolve(name),
                settings,
                url,
                config.agent(),
                clock,
                new SecureRandom());
    }

    private static EngineId engineId(Store store) {
        Optional<String> stored = store.setting(ENGINE_ID);
        if (stored.isPresent()) {
            return new EngineId(stored.get());
        }
        byte[] bits = new byte[8];
        new SecureRandom().nextBytes(bits);
        String fresh = "e-" + HexFormat.of().formatHex(bits);
        EngineLoop.join(store.commit(List.of(new Change.PutSetting(ENGINE_ID, fresh))));
        return new EngineId(fresh);
    }
}
