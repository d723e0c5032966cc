package dev.formwork.server;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Capability;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.server.agent.AgentPackage;
import dev.formwork.server.agent.CheckDesk;
import dev.formwork.server.agent.InstallScript;
import dev.formwork.server.agent.PollDesk;
import dev.formwork.server.boot.BootDesk;
import dev.formwork.server.boot.BootService;
import dev.formwork.server.boot.BootSetup;
import dev.formwork.server.boot.EngineDoor;
import dev.formwork.server.boot.MachineDoor;
import dev.formwork.server.boot.StoreLeaseBook;
import dev.formwork.server.failpoint.Failpoint;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.loop.EffectSink;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.loop.StoredCore;
import dev.formwork.server.metrics.EngineMetrics;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.ownagent.OwnAgent;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.plan.PlanningTools;
import dev.formwork.server.pool.PoolCleaner;
import dev.formwork.server.provider.ProviderDrift;
import dev.formwork.server.provider.ProviderTypes;
import dev.formwork.server.provider.ProviderWorker;
import dev.formwork.server.provider.Providers;
import dev.formwork.server.provider.StoreRecords;
import dev.formwork.server.replay.Replays;
import dev.formwork.server.retention.RetentionWorker;
import dev.formwork.server.security.ApiToken;
import dev.formwork.server.shard.Peers;
import dev.formwork.server.shard.ShardKeeper;
import dev.formwork.server.shard.Whereabouts;
import dev.formwork.server.tls.EngineCa;
import dev.formwork.server.tls.Trust;
import dev.formwork.server.watch.Bells;
import dev.formwork.server.watch.WatchedStore;
import dev.formwork.store.H2Store;
import dev.formwork.store.PostgresSettings;
import dev.formwork.store.PostgresStore;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.engine.BootPolicy;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Replay;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The running parts, made in the order in which they need each other and closed in the other.
final class Engine implements AutoCloseable {
    /// How many engines an agent is told of at most: no more than it takes.
    private static final int MOST_ENGINES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String ENGINE_ID = "engine.id";

    /// The file in the data directory that says under which name the engine holds its seats.
    private static final String SEATED_AS = "engine-name";

    /// The file in the data directory that names the machine of the engine's own agent.
    private static final String OWN_MACHINE = "engine-machine";

    /// The file in the data directory with the certificate of the engines' CA.
    private static final String CA_FILE = "ca.pem";

    private final ServeConfig config;
    private final DataDirectory data;
    private final Clock clock;
    private final Bells bells = new Bells();
    private final Failpoint failpoint = Failpoint.ofEnvironment();
    private final EngineMetrics metrics = new EngineMetrics();
    private final AtomicReference<Optional<Providers>> providers =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<BootService>> boot =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<List<URI>> secureUrls = new AtomicReference<>(List.of());
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
    private final PoolCleaner cleaner;
    private final RetentionWorker retention;
    private final Replays replays;
    private final MachineId ownMachine;
    private final Whereabouts whereabouts = new Whereabouts();
    private final ShardKeeper shards;
    private final Peers peers;
    private final EngineCa ca;
    private final AgentPackage agentPackage;

    private Engine(
            ServeConfig config,
            DataDirectory data,
            Clock clock,
            SecretSealer sealer,
            Store opened) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.store = new WatchedStore(opened, bells, failpoint);
        this.id = engineId(store, sealer);
        this.ownMachine = ownMachine(data, store);
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
        StoredCore core = new StoredCore(store, parts, ownMachine);
        AtomicReference<EffectRouter> router = new AtomicReference<>();
        this.loop =
                new EngineLoop(
                        core,
                        store,
                        new EffectSink() {
                            @Override
                            public void perform(Effect effect) {
                                failpoint.cross(Failpoint.Place.BEFORE_EFFECT);
                                router.get().perform(effect);
                                failpoint.cross(Failpoint.Place.AFTER_EFFECT);
                            }

                            @Override
                            public void foresee(Effect effect) {
                                router.get().foresee(effect);
                            }
                        },
                        clock,
                        metrics,
                        EngineLoop.Limits.STANDARD);
        this.checks = new CheckDesk(store, this::wake, CheckDesk.Patience.USUAL);
        this.desk = new PollDesk(loop, checks::waitsFor);
        this.worker = new ProviderWorker(this::providers, this::tellCore);
        this.shards =
                new ShardKeeper(
                        store,
                        loop,
                        core,
                        whereabouts,
                        ownMachine,
                        new ShardKeeper.Listener() {
                            @Override
                            public void shardsTaken(Set<Shard> taken) {
                                worker.takeUpAgents(() -> machinesIn(taken), Engine.this::isHere);
                            }

                            @Override
                            public void shardsLeft() {
                                desk.sendAllHome();
                            }

                            @Override
                            public void othersCommitted() {
                                bells.events().ring();
                            }
                        });
        this.ca = new EngineCa(store, sealer, id, clock);
        this.agentPackage = new AgentPackage(config.agent(), data.directory("agent-package"));
        this.peers = new Peers(whereabouts, store, () -> Trust.in(ca.authority()));
        this.planService =
                new PlanService(
                        store,
                        shards,
                        packs,
                        plans,
                        PlanningTools.of(
                                new Planner(fingerprinter, schemas),
                                sealer::mac,
                                checks,
                                new ProviderDrift(store, loop, worker)::observe,
                                this::offers),
                        clock);
        this.cleaner = new PoolCleaner(planService, this::tellCore);
        router.set(new EffectRouter(desk, worker, cleaner, this::restartOwnAgent, metrics));
        this.retention =
                new RetentionWorker(
                        store,
                        planService,
                        packs,
                        config.retention(),
                        clock,
                        () -> core.shards().contains(Shard.FIRST));
        metrics.gauge("formwork.queue", "Inputs that wait for the core.", loop::backlog);
        metrics.gauge("formwork.polls.held", "Agents that wait for a job.", desk::size);
    }

    /// Opens the store; nothing runs yet.
    static Engine open(ServeConfig config, DataDirectory data, Clock clock) {
        SecretSealer sealer = SecretSealer.fromFile(data.file("engine.key"));
        Store store =
                config.database()
                        .map(database -> shared(database, sealer, data))
                        .orElseGet(() -> H2Store.open(data.directory("store"), sealer, clock));
        try {
            return new Engine(config, data, clock, sealer, store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// Whoever has the data directory knows that the engine of before has ended.
    private static Store shared(
            PostgresSettings database, SecretSealer sealer, DataDirectory data) {
        Store store = PostgresStore.open(database, sealer, data.read(SEATED_AS).map(String::strip));
        data.write(SEATED_AS, store.seats().view().self().getBytes(StandardCharsets.US_ASCII));
        return store;
    }

    /// Starts everything that acts, now that agents can find the engine.
    ///
    /// @param address where agents and other engines find it
    /// @param token of the API
    void start(EngineAddress address, ApiToken token) {
        address.secure()
                .ifPresent(url -> secureUrls.set(config.tls().orElseThrow().urls(url.getPort())));
        AgentLaunch launch = launch();
        URI url = address.local();
        config.boot()
                .ifPresent(setup ->
                        boot.set(
                                Optional.of(
                                        BootService.start(
                                                setup,
                                                data,
                                                new StoreLeaseBook(store),
                                                new EngineDoor(
                                                        List.of(url),
                                                        token.reveal(),
                                                        Optional.empty()),
                                                clock))));
        providers.set(
                Optional.of(
                        Providers.open(
                                ProviderTypes.find(config.plugins()),
                                config.providers(),
                                (name, settings) -> context(name, settings, launch, url))));
        loop.start();
        shards.start(address);
        retention.start();
        if (config.engineAgent()) {
            OwnAgent agent = new OwnAgent(data, launch, url, ownMachine, store, loop);
            ownAgent.set(Optional.of(agent));
            agent.start();
        }
    }

    BootDesk bootDesk() {
        return new BootDesk(
                store,
                loop,
                packs,
                config.boot().map(BootSetup::policy).orElse(BootPolicy.STANDARD),
                this::machineDoor,
                clock);
    }

    /// This engine by all of its names, then the others.
    private MachineDoor machineDoor() {
        List<URI> here = secureUrls.get();
        return here.isEmpty()
                ? MachineDoor.NONE
                : new MachineDoor(
                        Stream.concat(here.stream(), whereabouts.addresses(true).stream())
                                .distinct()
                                .limit(MOST_ENGINES)
                                .toList(),
                        ca.authority().pem());
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
        boot.get().ifPresent(BootService::close);
        ownAgent.get().ifPresent(OwnAgent::close);
        retention.close();
        cleaner.close();
        shards.close();
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

    ShardKeeper shards() {
        return shards;
    }

    EngineCa ca() {
        return ca;
    }

    Peers peers() {
        return peers;
    }

    Whereabouts whereabouts() {
        return whereabouts;
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

    /// Of providers nothing is known before they are open.
    private Offers offers() {
        return new Offers(providers.get().map(Providers::names), config.prices());
    }

    Providers providers() {
        return providers.get().orElseGet(() -> Providers.of(List.of()));
    }

    /// Agents of this host go on at engines of other hosts, by TLS, where this one does not answer.
    private AgentLaunch launch() {
        AgentLaunch launch = config.agent();
        return ca.ifMade()
                .map(authority -> {
                    data.write(CA_FILE, authority.pem().getBytes(StandardCharsets.US_ASCII));
                    Map<String, String> environment = new HashMap<>(launch.environment());
                    environment.put("FORMWORK_CA_FILE", data.file(CA_FILE).toString());
                    return new AgentLaunch(launch.command(), environment);
                })
                .orElse(launch);
    }

    private AgentInstall install() {
        return ca.ifMade()
                .<AgentInstall>map(authority ->
                        new InstallScript(secureUrls.get(), authority.pem(), agentPackage))
                .orElse(AgentInstall.NONE);
    }

    AgentPackage agentPackage() {
        return agentPackage;
    }

    private ProviderContext context(
            String name, Value.Struct settings, AgentLaunch launch, URI url) {
        return new ProviderContext(
                name,
                id,
                data.directory("providers").resolve(name),
                settings,
                url,
                boot.get().flatMap(BootService::url),
                secureUrls.get(),
                launch,
                install(),
                new StoreRecords(store, name),
                clock,
                new SecureRandom());
    }

    private List<Machine> machinesIn(Set<Shard> wanted) {
        return store.machines().stream()
                .filter(machine -> wanted.contains(Shard.of(machine)))
                .toList();
    }

    private boolean isHere(MachineId machine) {
        return store.machine(machine)
                .filter(known -> whereabouts.areHere(Set.of(Shard.of(known))))
                .isPresent();
    }

    private void restartOwnAgent(MachineId machine) {
        if (machine.equals(ownMachine)) {
            ownAgent.get().ifPresent(OwnAgent::restart);
        }
    }

    /// Whose machines these are, as providers mark them: engines on one database are one in this,
    /// as they have one key.
    private static EngineId engineId(Store store, SecretSealer sealer) {
        Optional<String> stored = store.setting(ENGINE_ID);
        if (stored.isPresent()) {
            return new EngineId(stored.get());
        }
        byte[] mac = sealer.mac(ENGINE_ID.getBytes(StandardCharsets.UTF_8));
        String fresh = "e-" + HexFormat.of().formatHex(mac, 0, 8);
        EngineLoop.join(store.commit(List.of(new Change.PutSetting(ENGINE_ID, fresh))));
        return new EngineId(fresh);
    }

    /// The machine of this engine's own agent: the one that this data directory had before, or that
    /// the only engine of a store had, or a new one.
    private static MachineId ownMachine(DataDirectory data, Store store) {
        Optional<MachineId> known = data.read(OWN_MACHINE).map(String::strip).map(MachineId::new);
        if (known.isPresent()) {
            return known.get();
        }
        MachineId own =
                store.machines().stream()
                        .filter(machine -> !store.seats().areShared() && machine.isEngine())
                        .map(Machine::id)
                        .findFirst()
                        .orElseGet(Identities::freshMachine);
        data.write(OWN_MACHINE, (own.value() + "\n").getBytes(StandardCharsets.US_ASCII));
        return own;
    }
}
